package dev.tidewatch.jobs;

import dev.tidewatch.jobs.match.MatchFunction;
import dev.tidewatch.jobs.options.DetectionOptions;
import dev.tidewatch.jobs.remember.RememberSettings;
import dev.tidewatch.jobs.remember.RememberStage;
import dev.tidewatch.jobs.rules.KafkaRuleFeed;
import dev.tidewatch.jobs.sink.KafkaSinks;
import dev.tidewatch.jobs.sink.StoreSinks;
import dev.tidewatch.jobs.source.InboundRecord;
import dev.tidewatch.jobs.source.InboundRecordSerializer;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Telemetry against Sigma rules: Kafka → decode → match → remember → events, alerts and dead
 * letters in ClickHouse and Kafka.
 *
 * <p>Exactly once, end to end: alerts in Kafka are transactional, rows in ClickHouse are idempotent
 * by id and durable before the checkpoint that covers them.
 */
public final class DetectionJob {
  public static final String NAME = "tidewatch-detection";

  private DetectionJob() {}

  /**
   * @param args options as {@code --tidewatch.kafka.bootstrap-servers host:port}; they win over the
   *     cluster's {@code config.yaml}
   */
  public static void main(String[] args) throws Exception {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    Configuration configuration = Configuration.fromMap(env.getConfiguration().toMap());
    configuration.addAll(Arguments.parse(args));
    DetectionOptions options = prepare(DetectionOptions.from(configuration));
    define(env, options);
    env.execute(NAME);
  }

  /**
   * Sees to what the job needs around it: tables in ClickHouse, topics in Kafka, and the rules of
   * the named directories in theirs.
   */
  static DetectionOptions prepare(DetectionOptions options) {
    StoreTables.prepare(options);
    DetectionOptions prepared = KafkaTopics.prepare(options);
    RulePublication.publish(prepared);
    return prepared;
  }

  /** Adds the job to {@code env}; asks no server. */
  public static void define(StreamExecutionEnvironment env, DetectionOptions options) {
    JobSettings.apply(env, options);
    SingleOutputStreamOperator<InboundRecord> events =
        env.fromSource(
                KafkaTelemetry.source(options), KafkaTelemetry.watermarks(options), "telemetry")
            .uid(OperatorIds.TELEMETRY_SOURCE)
            .process(match(options))
            .returns(InboundRecordSerializer.typeOf(KafkaTelemetry.reader(options)))
            .name("match")
            .uid(OperatorIds.MATCH);

    events
        .sinkTo(StoreSinks.events(options))
        .name("events to ClickHouse")
        .uid(OperatorIds.EVENTS_TO_CLICKHOUSE);

    var alerts = events.getSideOutput(MatchFunction.ALERTS);
    alerts
        .sinkTo(StoreSinks.alerts(options))
        .name("alerts to ClickHouse")
        .uid(OperatorIds.ALERTS_TO_CLICKHOUSE);
    alerts
        .sinkTo(KafkaSinks.alerts(options))
        .name("alerts to Kafka")
        .uid(OperatorIds.ALERTS_TO_KAFKA);

    remember(events, options);

    var deadLetters = events.getSideOutput(MatchFunction.DEAD_LETTERS);
    deadLetters
        .sinkTo(KafkaSinks.deadLetters(options))
        .name("dead letters to Kafka")
        .uid(OperatorIds.DEAD_LETTERS_TO_KAFKA);
    deadLetters
        .sinkTo(StoreSinks.deadLetters(options))
        .name("dead letters to ClickHouse")
        .uid(OperatorIds.DEAD_LETTERS_TO_CLICKHOUSE);
  }

  /** Its alerts have sinks of their own: those of MATCH stay in one chain with it. */
  private static void remember(
      SingleOutputStreamOperator<InboundRecord> events, DetectionOptions options) {
    RememberSettings settings =
        new RememberSettings(
            KafkaRuleFeed.of(options),
            options.get(DetectionOptions.MAX_RULE_FAILURES),
            options.get(DetectionOptions.MAX_VALUE_LENGTH),
            options.get(DetectionOptions.IDLE_ADVANCE));
    RememberStage stage =
        RememberStage.after(events, settings, options.get(DetectionOptions.ALERTS_PER_MINUTE));
    stage
        .alerts()
        .sinkTo(StoreSinks.alerts(options))
        .name("episodes to ClickHouse")
        .uid(OperatorIds.EPISODES_TO_CLICKHOUSE);
    stage
        .alerts()
        .sinkTo(KafkaSinks.episodes(options))
        .name("episodes to Kafka")
        .uid(OperatorIds.EPISODES_TO_KAFKA);
    stage
        .late()
        .sinkTo(KafkaSinks.lateMatches(options))
        .name("late matches to Kafka")
        .uid(OperatorIds.LATE_MATCHES_TO_KAFKA);
  }

  private static MatchFunction match(DetectionOptions options) {
    return new MatchFunction(
        KafkaRuleFeed.of(options),
        options.get(DetectionOptions.MAX_VALUE_LENGTH),
        KafkaSinks.letters(options));
  }
}
