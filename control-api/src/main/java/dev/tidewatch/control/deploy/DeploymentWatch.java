package dev.tidewatch.control.deploy;

/**
 * Told how far a revision has come on its way to the job, by whoever takes it there: for
 * measurements. Called on the thread that does the work, so it must not block; what it throws fails
 * the step.
 */
@FunctionalInterface
public interface DeploymentWatch {
  /** Is told nothing. */
  DeploymentWatch NONE = (step, revision) -> {};

  /** In their order. Those to {@link #RECORDED} are of the server that was called. */
  enum Step {
    /** The call has its turn and the rules to itself; the number may yet go to another change. */
    BEGUN,
    /** It compiles with all that is deployed. */
    PLANNED,
    /** The control database has committed it. */
    RECORDED,
    /** The relay has read it from the outbox. */
    TAKEN,
    /** Kafka has committed it. */
    WRITTEN
  }

  /** {@code revision} has come as far as {@code step}. */
  void at(Step step, long revision);
}
