package dev.tidewatch.store;

import dev.tidewatch.events.EventDocument;
import dev.tidewatch.events.v1.TelemetryEvent;

/** A row of {@code events}: the envelope and what was read from its payload. */
public record StoredEvent(TelemetryEvent envelope, EventDocument document) {}
