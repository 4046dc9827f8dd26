package dev.tidewatch.agent.collect.windows;

import java.nio.file.Path;
import java.util.List;

/**
 * @param channels to read, e.g. {@code Security}
 * @param fromBeginning read what is in a channel already when it is seen for the first time
 * @param maxEventBytes of an event's XML; larger ones are dropped and counted
 * @param bookmarks where is kept how far each was read
 */
public record WindowsEventOptions(
    List<String> channels, boolean fromBeginning, int maxEventBytes, Path bookmarks) {
  public WindowsEventOptions {
    channels = List.copyOf(channels);
  }
}
