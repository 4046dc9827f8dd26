package dev.tidewatch.cli;

import java.io.IOException;

/** Prints alerts as they come. */
interface AlertPrinter {
  void print(FileAlert alert) throws IOException;

  void print(FileEpisode episode) throws IOException;

  /** After the last alert. */
  void end() throws IOException;
}
