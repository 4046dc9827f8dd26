package dev.tidewatch.jobs.remember;

import dev.tidewatch.events.v1.Alert;
import dev.tidewatch.jobs.OperatorIds;
import dev.tidewatch.jobs.sink.ProtobufSerializer;
import dev.tidewatch.remember.StatefulRule;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/**
 * The part of the job after MATCH: a REMEMBER for each level of chains, fed by MATCH and by the
 * levels below it, then the rate ceiling.
 *
 * @param alerts of episodes; one for each time an episode changed
 * @param late matches that came too late
 */
public record RememberStage(DataStream<Alert> alerts, DataStream<StatefulMatch> late) {
  static final TypeInformation<Tuple2<Boolean, Alert>> EPISODES =
      Types.TUPLE(Types.BOOLEAN, ProtobufSerializer.typeOf(Alert.class));

  /**
   * @param match with the side outputs of {@link StatefulMatches}
   * @param alertsPerMinute the ceiling of a tenant's rule; 0: none
   */
  public static RememberStage after(
      SingleOutputStreamOperator<?> match, RememberSettings settings, int alertsPerMinute) {
    List<SingleOutputStreamOperator<Tuple2<Boolean, Alert>>> levels = new ArrayList<>();
    for (int level = 1; level <= StatefulRule.MAX_DEPTH; level++) {
      DataStream<StatefulMatch> input = match.getSideOutput(StatefulMatches.level(level));
      for (var below : levels) {
        input = input.union(below.getSideOutput(StatefulMatches.level(level)));
      }
      levels.add(remember(input, settings, level));
    }
    DataStream<Tuple2<Boolean, Alert>> episodes = levels.get(0);
    DataStream<StatefulMatch> late = levels.get(0).getSideOutput(RememberOperator.LATE);
    for (var level : levels.subList(1, levels.size())) {
      episodes = episodes.union(level);
      late = late.union(level.getSideOutput(RememberOperator.LATE));
    }
    return new RememberStage(ceiling(episodes, alertsPerMinute), late);
  }

  private static SingleOutputStreamOperator<Tuple2<Boolean, Alert>> remember(
      DataStream<StatefulMatch> input, RememberSettings settings, int level) {
    String uid = OperatorIds.REMEMBER + level;
    return input
        .keyBy(StatefulMatch::key, GroupKeySerializer.TYPE)
        .transform("remember " + level, EPISODES, new RememberOperatorFactory(settings, level, uid))
        .uid(uid);
  }

  private static DataStream<Alert> ceiling(
      DataStream<Tuple2<Boolean, Alert>> episodes, int alertsPerMinute) {
    return episodes
        .keyBy(RateCeiling::key, Types.STRING)
        .process(new RateCeiling(alertsPerMinute), ProtobufSerializer.typeOf(Alert.class))
        .name("rate ceiling")
        .uid(OperatorIds.RATE_CEILING);
  }
}
