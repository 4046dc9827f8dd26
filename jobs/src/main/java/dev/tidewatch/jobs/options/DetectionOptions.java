package dev.tidewatch.jobs.options;

import static dev.tidewatch.jobs.options.OptionCatalog.notBlank;
import static dev.tidewatch.jobs.options.OptionCatalog.within;
import static org.apache.flink.configuration.ConfigOptions.key;

import dev.tidewatch.events.Topics;
import dev.tidewatch.store.ClickHouseEndpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;

/**
 * Options of {@code DetectionJob}: keys {@code tidewatch.*} in {@code config.yaml} or as arguments.
 * All are checked when an instance is made. The reference page {@code docs/reference/options.md} is
 * written from here.
 */
public final class DetectionOptions {
  static final OptionCatalog CATALOG = new OptionCatalog();

  private static final Duration MOMENT = Duration.ofMillis(1);
  private static final Duration DAY = Duration.ofDays(1);
  private static final String DURATION = "duration";
  private static final String SIZE = "size";
  private static final String TEXT = "text";
  private static final String NUMBER = "number";

  public static final ConfigOption<String> BOOTSTRAP_SERVERS =
      CATALOG.addRequired(
          TEXT,
          key("tidewatch.kafka.bootstrap-servers").stringType().noDefaultValue(),
          "Kafka brokers to begin with, as host:port, separated by commas.",
          servers -> List.of(servers.split(",", -1)).stream().allMatch(s -> isHostPort(s.strip())),
          "be host:port, separated by commas");

  public static final ConfigOption<String> TELEMETRY_TOPIC =
      topic(
          "tidewatch.kafka.telemetry-topic",
          Topics.TELEMETRY,
          "Topic that telemetry is read from.");

  public static final ConfigOption<String> ALERTS_TOPIC =
      topic(
          "tidewatch.kafka.alerts-topic",
          Topics.ALERTS,
          "Topic that alerts are written to, in transactions; read it with read_committed.");

  public static final ConfigOption<String> DEAD_LETTER_TOPIC =
      topic(
          "tidewatch.kafka.dead-letter-topic",
          Topics.TELEMETRY_DEAD,
          "Topic for records that cannot be read or stored, with the reason.");

  public static final ConfigOption<String> RULES_TOPIC =
      topic(
          "tidewatch.kafka.rules-topic",
          Topics.RULES,
          "Compacted topic of one partition that rules are deployed through.");

  public static final ConfigOption<String> RULES_STATUS_TOPIC =
      topic(
          "tidewatch.kafka.rules-status-topic",
          Topics.RULES_STATUS,
          "Topic that tells which rules run on each subtask, and what they count.");

  public static final ConfigOption<String> LATE_MATCHES_TOPIC =
      topic(
          "tidewatch.kafka.late-matches-topic",
          "matches.late",
          "Topic for matches that came too late for their correlation or pattern, as JSON.");

  public static final ConfigOption<Boolean> CREATE_TOPICS =
      CATALOG.add(
          "true or false",
          key("tidewatch.kafka.create-topics").booleanType().defaultValue(true),
          "Whether topics that do not exist are created at start.",
          any(),
          "");

  public static final ConfigOption<Integer> TOPIC_PARTITIONS =
      CATALOG.add(
          NUMBER,
          key("tidewatch.kafka.partitions").intType().defaultValue(4),
          "Partitions of the topics that are created at start.",
          within(1, 10_000),
          "lie between 1 and 10000");

  public static final ConfigOption<String> GROUP_ID =
      CATALOG.add(
          TEXT,
          key("tidewatch.kafka.group-id").stringType().defaultValue("tidewatch-detection"),
          "Consumer group under which offsets are committed at each checkpoint, so that lag can be"
              + " watched.",
          notBlank(),
          "not be blank");

  public static final ConfigOption<StartingOffsets> STARTING_OFFSETS =
      CATALOG.add(
          "committed, earliest or latest",
          key("tidewatch.kafka.starting-offsets")
              .enumType(StartingOffsets.class)
              .defaultValue(StartingOffsets.COMMITTED),
          "Where reading begins when there is no checkpoint: where the group left off (else the"
              + " earliest), the earliest record, or only new records.",
          any(),
          "");

  public static final ConfigOption<String> TRANSACTIONAL_ID_PREFIX =
      CATALOG.add(
          TEXT,
          key("tidewatch.kafka.transactional-id-prefix")
              .stringType()
              .defaultValue("tidewatch-detection-alerts"),
          "Prefix of the transactional ids of the alerts topic. Each running job needs its own.",
          notBlank(),
          "not be blank");

  public static final ConfigOption<Duration> TRANSACTION_TIMEOUT =
      CATALOG.add(
          DURATION,
          key("tidewatch.kafka.transaction-timeout")
              .durationType()
              .defaultValue(Duration.ofMinutes(14)),
          "After this time Kafka aborts a transaction that was not committed, and the job goes back"
              + " to its last checkpoint. Must be below the broker's transaction.max.timeout.ms"
              + " (15 min unless changed) and well above tidewatch.checkpoint.interval.",
          within(Duration.ofSeconds(10), DAY),
          "lie between 10 s and 1 d");

  public static final ConfigOption<Duration> PARTITION_DISCOVERY_INTERVAL =
      CATALOG.add(
          DURATION,
          key("tidewatch.kafka.partition-discovery-interval")
              .durationType()
              .defaultValue(Duration.ofMinutes(1)),
          "How often new partitions of the telemetry topic are looked for.",
          within(Duration.ofMillis(100), DAY),
          "lie between 100 ms and 1 d");

  public static final ConfigOption<MemorySize> MAX_RECORD_SIZE =
      CATALOG.add(
          SIZE,
          key("tidewatch.kafka.max-record-size")
              .memoryType()
              .defaultValue(MemorySize.ofMebiBytes(32)),
          "Largest record that is written to Kafka, and max.message.bytes of topics that are"
              + " created. A dead letter keeps the record whole up to this size (or what its topic"
              + " takes, if less) and its beginning otherwise.",
          within(MemorySize.parse("64kb"), MemorySize.parse("512mb")),
          "lie between 64 kb and 512 mb");

  public static final ConfigOption<Map<String, String>> KAFKA_PROPERTIES =
      CATALOG.add(
          OptionCatalog.MAP,
          key("tidewatch.kafka.properties").mapType().defaultValue(Map.of()),
          "Properties for all Kafka clients, such as security.protocol and sasl.jaas.config.",
          any(),
          "");

  public static final ConfigOption<MemorySize> MAX_EVENT_SIZE =
      CATALOG.add(
          SIZE,
          key("tidewatch.event.max-size").memoryType().defaultValue(MemorySize.ofMebiBytes(16)),
          "Events with a larger payload become dead letters.",
          within(MemorySize.parse("1kb"), MemorySize.parse("512mb")),
          "lie between 1 kb and 512 mb");

  public static final ConfigOption<Duration> OUT_OF_ORDERNESS =
      CATALOG.add(
          DURATION,
          key("tidewatch.event.out-of-orderness")
              .durationType()
              .defaultValue(Duration.ofSeconds(10)),
          "How far the watermark stays behind the newest event time of a partition. An event behind"
              + " the watermark counts as late; it is matched and stored like any other.",
          within(Duration.ZERO, DAY),
          "lie between 0 and 1 d");

  public static final ConfigOption<Duration> IDLENESS =
      CATALOG.add(
          DURATION,
          key("tidewatch.event.idleness").durationType().defaultValue(Duration.ofSeconds(15)),
          "A partition without records for this long no longer holds the watermark back.",
          within(Duration.ofMillis(100), DAY),
          "lie between 100 ms and 1 d");

  public static final ConfigOption<Duration> IDLE_ADVANCE =
      CATALOG.add(
          DURATION,
          key("tidewatch.idle-advance").durationType().defaultValue(Duration.ofSeconds(5)),
          "When a partition had no record for this long, event time goes on with the clock, so that"
              + " the last matches of a stream are decided and windows close. Events that come"
              + " after a longer silence and happened during it may be late for correlations and"
              + " patterns. 0: event time waits for events.",
          within(Duration.ZERO, DAY),
          "lie between 0 and 1 d");

  public static final ConfigOption<Duration> MAX_FUTURE_SKEW =
      CATALOG.add(
          DURATION,
          key("tidewatch.event.max-future-skew").durationType().defaultValue(Duration.ofMinutes(5)),
          "How far event time may run ahead of the time at which Kafka took the record and still"
              + " move the watermark; what is ahead of that counts as that.",
          within(Duration.ZERO, DAY),
          "lie between 0 and 1 d");

  public static final ConfigOption<List<String>> RULE_PATHS =
      CATALOG.add(
          "list of paths separated by ;",
          key("tidewatch.rules.paths").stringType().asList().noDefaultValue(),
          "Sigma rule files and directories, read where the job is submitted and deployed before it"
              + " starts: what they do not have any more is retired, what was changed by hand stays."
              + " Unset: the rules are those of the topic.",
          paths -> !paths.isEmpty() && paths.stream().noneMatch(String::isBlank),
          "name at least one file or directory");

  public static final ConfigOption<Integer> MAX_RULE_FAILURES =
      CATALOG.add(
          NUMBER,
          key("tidewatch.rules.max-failures").intType().defaultValue(10),
          "A rule that failed on this many events is disabled until the job starts again.",
          within(1, 1_000_000),
          "lie between 1 and 1000000");

  public static final ConfigOption<Integer> ALERTS_PER_MINUTE =
      CATALOG.add(
          "number of alerts",
          key("tidewatch.alerts.max-per-minute").intType().defaultValue(600),
          "Most alerts of one correlation or pattern for one tenant in a minute of event time."
              + " Further ones are held back, counted and told in a health alert. 0: no limit.",
          within(0, 10_000_000),
          "lie between 0 and 10000000");

  public static final ConfigOption<Integer> MAX_VALUE_LENGTH =
      CATALOG.add(
          "number of characters",
          key("tidewatch.alerts.max-value-length").intType().defaultValue(2048),
          "Longer values are cut in an alert's evidence and entities; the stored event keeps them"
              + " whole.",
          within(16, 1_000_000),
          "lie between 16 and 1000000");

  public static final ConfigOption<String> CLICKHOUSE_URL =
      CATALOG.addRequired(
          "URL",
          key("tidewatch.clickhouse.url").stringType().noDefaultValue(),
          "ClickHouse's HTTP endpoint, e.g. http://127.0.0.1:8123.",
          url -> url.startsWith("http://") || url.startsWith("https://"),
          "begin with http:// or https://");

  public static final ConfigOption<String> CLICKHOUSE_USER =
      CATALOG.add(
          TEXT,
          key("tidewatch.clickhouse.user").stringType().defaultValue("default"),
          "ClickHouse user.",
          notBlank(),
          "not be blank");

  public static final ConfigOption<String> CLICKHOUSE_PASSWORD =
      CATALOG.add(
          TEXT,
          key("tidewatch.clickhouse.password").stringType().defaultValue(""),
          "That user's password.",
          any(),
          "");

  public static final ConfigOption<String> CLICKHOUSE_DATABASE =
      CATALOG.add(
          TEXT,
          key("tidewatch.clickhouse.database").stringType().defaultValue("tidewatch"),
          "ClickHouse database.",
          name -> name.matches("[A-Za-z_][A-Za-z0-9_]*"),
          "be letters, digits and underscores");

  public static final ConfigOption<Integer> EVENTS_BATCH_ROWS =
      rows("tidewatch.store.events.batch-rows", 5_000, "Most events in one insert.");

  public static final ConfigOption<MemorySize> EVENTS_BATCH_SIZE =
      size("tidewatch.store.events.batch-size", "8mb", "Most payload bytes in one insert.");

  public static final ConfigOption<Duration> EVENTS_FLUSH_INTERVAL =
      interval(
          "tidewatch.store.events.flush-interval",
          Duration.ofMillis(200),
          "An event waits at most this long for its batch to fill.");

  public static final ConfigOption<Integer> ALERTS_BATCH_ROWS =
      rows("tidewatch.store.alerts.batch-rows", 1_000, "Most alerts in one insert.");

  public static final ConfigOption<MemorySize> ALERTS_BATCH_SIZE =
      size("tidewatch.store.alerts.batch-size", "4mb", "Most bytes of alerts in one insert.");

  public static final ConfigOption<Duration> ALERTS_FLUSH_INTERVAL =
      interval(
          "tidewatch.store.alerts.flush-interval",
          Duration.ofMillis(50),
          "An alert waits at most this long for its batch to fill.");

  public static final ConfigOption<Integer> IN_FLIGHT_BATCHES =
      CATALOG.add(
          NUMBER,
          key("tidewatch.store.in-flight-batches").intType().defaultValue(1),
          "Full batches per slot and table that wait for ClickHouse before matching waits too.",
          within(1, 64),
          "lie between 1 and 64");

  public static final ConfigOption<Duration> RETRY_BACKOFF =
      interval(
          "tidewatch.store.retry-backoff",
          Duration.ofMillis(100),
          "First pause before a batch is sent again while ClickHouse is unavailable; it doubles, with"
              + " jitter.");

  public static final ConfigOption<Duration> RETRY_BACKOFF_MAX =
      interval(
          "tidewatch.store.retry-backoff-max",
          Duration.ofSeconds(5),
          "Longest such pause. Batches are sent again until they are stored.");

  public static final ConfigOption<Integer> PARALLELISM =
      CATALOG.add(
          NUMBER,
          key("tidewatch.parallelism").intType().noDefaultValue(),
          "Slots the job runs on; more than the telemetry topic has partitions are idle. Unset:"
              + " Flink's parallelism.default.",
          within(1, 32_768),
          "lie between 1 and 32768");

  public static final ConfigOption<Duration> CHECKPOINT_INTERVAL =
      CATALOG.add(
          DURATION,
          key("tidewatch.checkpoint.interval").durationType().defaultValue(Duration.ofSeconds(5)),
          "Time between checkpoints. Alerts become visible to read_committed readers of Kafka with"
              + " each; in ClickHouse they are visible before.",
          within(Duration.ofMillis(100), DAY),
          "lie between 100 ms and 1 d");

  public static final ConfigOption<Duration> CHECKPOINT_TIMEOUT =
      CATALOG.add(
          DURATION,
          key("tidewatch.checkpoint.timeout").durationType().defaultValue(Duration.ofMinutes(10)),
          "A checkpoint that takes longer, e.g. because ClickHouse is away, is given up and the next"
              + " one begins; the job goes on.",
          within(Duration.ofSeconds(1), DAY),
          "lie between 1 s and 1 d");

  private static final List<ConfigOption<String>> TOPICS =
      List.of(
          TELEMETRY_TOPIC,
          ALERTS_TOPIC,
          DEAD_LETTER_TOPIC,
          LATE_MATCHES_TOPIC,
          RULES_TOPIC,
          RULES_STATUS_TOPIC);

  private final Configuration configuration;

  private DetectionOptions(Configuration configuration) {
    this.configuration = configuration;
  }

  /**
   * Checks the {@code tidewatch.*} keys; all other keys are left alone.
   *
   * @throws InvalidOptionsException with every problem there is
   */
  public static DetectionOptions from(Configuration configuration) {
    Configuration copy = new Configuration(configuration);
    List<String> problems = new ArrayList<>(CATALOG.problems(copy));
    if (problems.isEmpty()) {
      problems.addAll(contradictions(copy));
    }
    if (!problems.isEmpty()) {
      throw new InvalidOptionsException(problems);
    }
    return new DetectionOptions(copy);
  }

  private static List<String> contradictions(Configuration configuration) {
    List<String> problems = new ArrayList<>();
    requireAtLeast(configuration, TRANSACTION_TIMEOUT, CHECKPOINT_INTERVAL, problems);
    requireAtLeast(configuration, CHECKPOINT_TIMEOUT, CHECKPOINT_INTERVAL, problems);
    requireAtLeast(configuration, RETRY_BACKOFF_MAX, RETRY_BACKOFF, problems);
    Set<String> topics = TOPICS.stream().map(configuration::get).collect(Collectors.toSet());
    if (topics.size() < TOPICS.size()) {
      problems.add(
          TOPICS.stream().map(ConfigOption::key).collect(Collectors.joining(", "))
              + ": must be different topics");
    }
    return problems;
  }

  private static void requireAtLeast(
      Configuration configuration,
      ConfigOption<Duration> larger,
      ConfigOption<Duration> smaller,
      List<String> problems) {
    if (configuration.get(larger).compareTo(configuration.get(smaller)) < 0) {
      problems.add("%s: must not be less than %s".formatted(larger.key(), smaller.key()));
    }
  }

  public <T> T get(ConfigOption<T> option) {
    return configuration.get(option);
  }

  public <T> Optional<T> getOptional(ConfigOption<T> option) {
    return configuration.getOptional(option);
  }

  /** The same options with one changed, checked again. */
  public <T> DetectionOptions with(ConfigOption<T> option, T value) {
    Configuration changed = new Configuration(configuration);
    changed.set(option, value);
    return from(changed);
  }

  public ClickHouseEndpoint clickHouse() {
    return new ClickHouseEndpoint(
        get(CLICKHOUSE_URL),
        get(CLICKHOUSE_USER),
        get(CLICKHOUSE_PASSWORD),
        get(CLICKHOUSE_DATABASE));
  }

  public List<Path> rulePaths() {
    return getOptional(RULE_PATHS).orElse(List.of()).stream().map(Path::of).toList();
  }

  /** Properties that every Kafka client of the job gets, bootstrap servers included. */
  public Properties kafkaProperties() {
    Properties result = new Properties();
    kafkaClientProperties().forEach(result::setProperty);
    return result;
  }

  /** The same as a map. */
  public Map<String, String> kafkaClientProperties() {
    Map<String, String> properties = new HashMap<>(get(KAFKA_PROPERTIES));
    properties.put("bootstrap.servers", get(BOOTSTRAP_SERVERS));
    return properties;
  }

  private static ConfigOption<String> topic(String key, String name, String description) {
    return CATALOG.add(
        TEXT,
        key(key).stringType().defaultValue(name),
        description,
        value -> value.matches("[A-Za-z0-9._-]{1,249}"),
        "be a Kafka topic name");
  }

  private static ConfigOption<Integer> rows(String key, int rows, String description) {
    return CATALOG.add(
        "number of rows",
        key(key).intType().defaultValue(rows),
        description,
        within(1, 1_000_000),
        "lie between 1 and 1000000");
  }

  private static ConfigOption<MemorySize> size(String key, String size, String description) {
    return CATALOG.add(
        SIZE,
        key(key).memoryType().defaultValue(MemorySize.parse(size)),
        description,
        within(MemorySize.parse("1kb"), MemorySize.parse("1gb")),
        "lie between 1 kb and 1 gb");
  }

  private static ConfigOption<Duration> interval(
      String key, Duration interval, String description) {
    return CATALOG.add(
        DURATION,
        key(key).durationType().defaultValue(interval),
        description,
        within(MOMENT, Duration.ofMinutes(10)),
        "lie between 1 ms and 10 min");
  }

  private static boolean isHostPort(String server) {
    int colon = server.lastIndexOf(':');
    return colon > 0 && server.substring(colon + 1).matches("[0-9]{1,5}");
  }

  private static <T> Predicate<T> any() {
    return value -> true;
  }
}
