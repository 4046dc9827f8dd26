package dev.tidewatch.jobs.sink;

import dev.tidewatch.events.v1.Alert;
import dev.tidewatch.events.v1.Entity;
import org.apache.flink.api.common.typeutils.SerializerTestBase;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.jspecify.annotations.NullUnmarked;

/** Flink's own contract of serializers. */
@NullUnmarked
class ProtobufSerializerTest extends SerializerTestBase<Alert> {
  @Override
  protected TypeSerializer<Alert> createSerializer() {
    return new ProtobufSerializer<>(Alert.class);
  }

  @Override
  protected int getLength() {
    return -1;
  }

  @Override
  protected Class<Alert> getTypeClass() {
    return Alert.class;
  }

  @Override
  protected Alert[] getTestData() {
    return new Alert[] {
      Alert.getDefaultInstance(),
      Alert.newBuilder().setAlertId("a").setTimeUs(-1).build(),
      Alert.newBuilder().addEntities(Entity.newBuilder().setKind("host").setValue("ü")).build(),
    };
  }
}
