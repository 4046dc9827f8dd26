package dev.tidewatch.cli;

import java.io.IOException;

/** Prints alerts as they come. */
interface AlertPrinter {
  void print(FileAlert alert) throws IOException;

  /** After the last alert. */
  void end() throws IOException;
}
