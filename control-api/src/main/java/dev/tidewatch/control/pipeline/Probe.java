package dev.tidewatch.control.pipeline;

/** Asks one part of the pipeline how it is. May block for a few seconds. */
@FunctionalInterface
interface Probe<T> {
  /**
   * @throws ProbeFailedException with a sentence that the console may show
   */
  T read() throws ProbeFailedException, InterruptedException;
}
