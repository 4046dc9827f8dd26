package dev.tidewatch.agent;

import dev.tidewatch.agent.batch.BatchOptions;
import dev.tidewatch.agent.collect.file.WatchedGlob;
import dev.tidewatch.agent.config.ConfigurationException;
import dev.tidewatch.agent.config.Settings;
import dev.tidewatch.agent.respond.ResponderOptions;
import dev.tidewatch.agent.send.SenderOptions;
import dev.tidewatch.agent.spool.FsyncPolicy;
import dev.tidewatch.agent.spool.FullPolicy;
import dev.tidewatch.agent.spool.SpoolOptions;
import dev.tidewatch.agent.update.HttpMirror;
import dev.tidewatch.agent.update.UpdateOptions;
import dev.tidewatch.ingest.v1.Codec;
import dev.tidewatch.ingest.v1.Command.ActionCase;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the settings mean to each part. */
record AgentOptions(
    SpoolOptions spool,
    BatchOptions batch,
    SenderOptions sender,
    ResponderOptions responder,
    List<WatchedGlob> watch,
    List<WatchedGlob> ignore,
    UpdateOptions update,
    Settings settings) {
  private static final Map<ActionCase, String> PERMISSIONS =
      Map.of(
          ActionCase.KILL_PROCESS, "respond.kill-process",
          ActionCase.QUARANTINE_FILE, "respond.quarantine-file",
          ActionCase.RESTORE_FILE, "respond.quarantine-file",
          ActionCase.ISOLATE_NETWORK, "respond.isolate-network",
          ActionCase.RELEASE_NETWORK, "respond.isolate-network",
          ActionCase.COLLECT_PATH, "respond.collect",
          ActionCase.RUN_OSQUERY, "respond.osquery",
          ActionCase.CHANGE_CONFIGURATION, "respond.change-configuration");

  /**
   * @param name of the configuration's file
   * @throws ConfigurationException with everything that cannot be used
   */
  static AgentOptions of(Settings settings, AgentFiles files, String name)
      throws ConfigurationException {
    AgentOptions options =
        new AgentOptions(
            spool(settings),
            batch(settings),
            sender(settings),
            responder(settings, files),
            settings.list("file.watch", WatchedGlob::of),
            settings.list("file.ignore", WatchedGlob::of),
            update(settings),
            settings);
    for (String key : List.of("process.poll-interval", "network.interval", "logs.interval")) {
      var unused = settings.positive(key);
    }
    settings.requireNoProblems(name);
    return options;
  }

  private static SpoolOptions spool(Settings settings) {
    FullPolicy whenFull =
        settings.choice(
            "spool.when-full",
            Map.of("block", FullPolicy.BLOCK, "drop-oldest", FullPolicy.DROP_OLDEST));
    FsyncPolicy fsync =
        settings.choice(
            "spool.fsync",
            Map.of(
                "always", FsyncPolicy.ALWAYS,
                "interval", FsyncPolicy.INTERVAL,
                "never", FsyncPolicy.NEVER));
    // A batch of one event that is larger than a batch, and what protobuf adds.
    long record =
        Math.max(settings.size("batch.max-bytes"), settings.size("limits.max-event-bytes"))
            + (64 << 10);
    try {
      return new SpoolOptions(
          settings.size("spool.max-bytes"),
          settings.size("spool.segment-bytes"),
          (int) Math.min(record, Integer.MAX_VALUE / 2),
          settings.duration("spool.max-age"),
          whenFull,
          fsync,
          settings.duration("spool.fsync-interval"));
    } catch (IllegalArgumentException e) {
      settings.problem("spool.segment-bytes", String.valueOf(e.getMessage()));
      return SpoolOptions.DEFAULT;
    }
  }

  private static SenderOptions sender(Settings settings) {
    Duration keepalive = settings.positive("send.keepalive");
    if (keepalive.toMillis() < 1000 || keepalive.compareTo(Duration.ofMinutes(10)) > 0) {
      settings.problem("send.keepalive", "is from 1s to 10m");
      return SenderOptions.DEFAULT;
    }
    return SenderOptions.DEFAULT.withKeepalive(keepalive);
  }

  private static BatchOptions batch(Settings settings) {
    Codec codec =
        settings.choice(
            "batch.compression",
            Map.of(
                "zstd", Codec.CODEC_ZSTD,
                "gzip", Codec.CODEC_GZIP,
                "none", Codec.CODEC_UNSPECIFIED));
    try {
      return new BatchOptions(
          settings.count("batch.max-events"),
          settings.smallSize("batch.max-bytes"),
          settings.duration("batch.linger"),
          codec);
    } catch (IllegalArgumentException e) {
      settings.problem("batch.max-events", String.valueOf(e.getMessage()));
      return BatchOptions.DEFAULT;
    }
  }

  private static UpdateOptions update(Settings settings) {
    String url = settings.text("update.url");
    if (!url.isEmpty()) {
      try {
        var unused = new HttpMirror(URI.create(url), Optional.empty());
      } catch (IllegalArgumentException e) {
        settings.problem("update.url", String.valueOf(e.getMessage()));
      }
    }
    Duration trial = settings.positive("update.trial");
    if (trial.toSeconds() < 1 || trial.compareTo(Duration.ofDays(7)) > 0) {
      settings.problem("update.trial", "is from 1s to 7d");
    }
    Duration healthyAfter = settings.duration("update.healthy-after");
    if (healthyAfter.compareTo(trial) >= 0) {
      settings.problem("update.healthy-after", "has to be shorter than update.trial");
    }
    return new UpdateOptions(
        settings.flag("update.enabled"),
        url,
        settings.text("update.channel"),
        settings.positive("update.interval"),
        settings.size("update.max-bytes"),
        trial,
        healthyAfter);
  }

  private static ResponderOptions responder(Settings settings, AgentFiles files) {
    Set<ActionCase> permitted = EnumSet.noneOf(ActionCase.class);
    PERMISSIONS.forEach(
        (action, key) -> {
          if (settings.flag("respond.enabled") && settings.flag(key)) {
            permitted.add(action);
          }
        });
    return new ResponderOptions(
        permitted,
        files.state(),
        settings.size("respond.max-collect-bytes"),
        settings.count("respond.max-collect-files"),
        Path.of(settings.text("respond.osqueryi")),
        Path.of(settings.text("respond.nft")));
  }
}
