package dev.tidewatch.embedded;

import java.util.Properties;

/** Broker properties for one small broker that is its own controller. */
final class KafkaProperties {
  static final int NODE_ID = 1;
  static final String CONTROLLER_LISTENER = "CONTROLLER";

  /** Room around the largest record for the batch and the request that carry it. */
  private static final int ENVELOPE_BYTES = 1 << 20;

  static Properties of(KafkaOptions options, int port, int controllerPort) {
    Properties properties = new Properties();
    listeners(properties, port, controllerPort);
    properties.put("log.dirs", KafkaLogDirectory.of(options.dataDirectory()).toString());
    singleReplica(properties);
    recordSizes(properties, options.maxRecordBytes());
    smallFootprint(properties);
    properties.putAll(options.overrides());
    return properties;
  }

  private static void listeners(Properties properties, int port, int controllerPort) {
    String client = "PLAINTEXT://" + LoopbackPort.HOST + ":" + port;
    String controller = LoopbackPort.HOST + ":" + controllerPort;
    properties.put("process.roles", "broker,controller");
    properties.put("node.id", Integer.toString(NODE_ID));
    properties.put("controller.quorum.voters", NODE_ID + "@" + controller);
    properties.put("listeners", client + "," + CONTROLLER_LISTENER + "://" + controller);
    properties.put("advertised.listeners", client);
    properties.put("controller.listener.names", CONTROLLER_LISTENER);
    properties.put("inter.broker.listener.name", "PLAINTEXT");
    properties.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    // A broker that was killed is let in again after the old session ends; the default is 9 s.
    properties.put("broker.session.timeout.ms", "2000");
    properties.put("broker.heartbeat.interval.ms", "500");
  }

  private static void singleReplica(Properties properties) {
    properties.put("offsets.topic.replication.factor", "1");
    properties.put("offsets.topic.num.partitions", "4");
    properties.put("transaction.state.log.replication.factor", "1");
    properties.put("transaction.state.log.min.isr", "1");
    properties.put("transaction.state.log.num.partitions", "4");
    properties.put("share.coordinator.state.topic.replication.factor", "1");
    properties.put("share.coordinator.state.topic.min.isr", "1");
    properties.put("share.coordinator.state.topic.num.partitions", "1");
    properties.put("group.initial.rebalance.delay.ms", "0");
    properties.put("auto.create.topics.enable", "false");
    // Flink's exactly-once sink keeps transactions open across checkpoints: up to one hour.
    properties.put("transaction.max.timeout.ms", "3600000");
  }

  private static void recordSizes(Properties properties, int maxRecordBytes) {
    String record = Integer.toString(maxRecordBytes);
    String withEnvelope = Integer.toString(maxRecordBytes + ENVELOPE_BYTES);
    properties.put("message.max.bytes", record);
    properties.put("replica.fetch.max.bytes", withEnvelope);
    properties.put("fetch.max.bytes", Integer.toString(Math.max(57_671_680, maxRecordBytes)));
    properties.put(
        "socket.request.max.bytes",
        Integer.toString(Math.max(104_857_600, maxRecordBytes + ENVELOPE_BYTES)));
  }

  private static void smallFootprint(Properties properties) {
    properties.put("num.network.threads", "2");
    properties.put("num.io.threads", "2");
    properties.put("background.threads", "2");
    properties.put("num.recovery.threads.per.data.dir", "1");
    properties.put("log.cleaner.threads", "1");
    properties.put("log.cleaner.dedupe.buffer.size", Integer.toString(4 << 20));
    properties.put("log.index.size.max.bytes", Integer.toString(1 << 20));
    properties.put("offsets.topic.segment.bytes", Integer.toString(16 << 20));
    properties.put("transaction.state.log.segment.bytes", Integer.toString(16 << 20));
  }

  private KafkaProperties() {}
}
