package dev.tidewatch.agent.collect.log;

import java.io.IOException;

/** Takes lines. */
interface LineSink {
  /**
   * @param cut the line was longer than the limit; the rest of it is skipped
   */
  void line(String line, boolean cut) throws IOException, InterruptedException;
}
