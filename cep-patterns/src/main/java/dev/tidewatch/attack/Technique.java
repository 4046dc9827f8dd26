package dev.tidewatch.attack;

import java.util.List;

/**
 * A technique or sub-technique.
 *
 * @param id e.g. {@code T1059.001}
 * @param name e.g. {@code PowerShell}
 * @param tactics short names: {@code execution}
 */
public record Technique(String id, String name, List<String> tactics) {
  public Technique {
    tactics = List.copyOf(tactics);
  }
}
