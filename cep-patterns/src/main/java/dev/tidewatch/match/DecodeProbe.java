package dev.tidewatch.match;

import dev.tidewatch.match.index.IndexedRules;
import dev.tidewatch.sigma.SigmaRule;
import java.util.List;

/** Reads and recognises payloads as the fast matcher does, and stops there: for measurements. */
public final class DecodeProbe {
  private final IndexedRules.Reading reading;

  public DecodeProbe(List<SigmaRule> rules) {
    this.reading = new IndexedRules(rules).newReading();
  }

  /** Something that depends on what was read; -1 when only the reference can read it. */
  public int read(byte[] payload) {
    return reading.read(payload);
  }
}
