package dev.tidewatch.jobs;

import dev.tidewatch.jobs.match.MatchFunction;
import dev.tidewatch.jobs.options.DetectionOptions;
import dev.tidewatch.jobs.rules.KafkaRuleFeed;
import dev.tidewatch.jobs.sink.KafkaSinks;
import dev.tidewatch.jobs.sink.StoreSinks;
import dev.tidewatch.jobs.source.InboundRecord;
import dev.tidewatch.jobs.source.InboundRecordTypeInfo;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Telemetry against Sigma rules: Kafka → decode → match → events, alerts and dead letters in
 * ClickHouse and Kafka.
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
            .returns(new InboundRecordTypeInfo(KafkaTelemetry.reader(options)))
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

  private static MatchFunction match(DetectionOptions options) {
    return new MatchFunction(
        KafkaRuleFeed.of(options),
        options.get(DetectionOptions.MAX_VALUE_LENGTH),
        KafkaSinks.letters(options));
  }
}
