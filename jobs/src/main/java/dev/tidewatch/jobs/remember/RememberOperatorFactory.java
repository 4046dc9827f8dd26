package dev.tidewatch.jobs.remember;

import dev.tidewatch.events.v1.Alert;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;

/** Makes {@link RememberOperator}s, which need the task's mailbox. */
public final class RememberOperatorFactory
    extends AbstractStreamOperatorFactory<Tuple2<Boolean, Alert>>
    implements OneInputStreamOperatorFactory<StatefulMatch, Tuple2<Boolean, Alert>> {
  private static final long serialVersionUID = 1L;
  private final RememberSettings settings;
  private final int level;
  private final String uid;

  /**
   * @param level of chains, from 1
   * @param uid of the operator, by which its state is found and its counters are reported
   */
  public RememberOperatorFactory(RememberSettings settings, int level, String uid) {
    this.settings = settings;
    this.level = level;
    this.uid = uid;
  }

  @Override
  @SuppressWarnings("unchecked")
  public <T extends StreamOperator<Tuple2<Boolean, Alert>>> T createStreamOperator(
      StreamOperatorParameters<Tuple2<Boolean, Alert>> parameters) {
    return (T)
        new RememberOperator(parameters, parameters.getMailboxExecutor(), settings, level, uid);
  }

  @Override
  @SuppressWarnings("rawtypes")
  public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
    return RememberOperator.class;
  }
}
