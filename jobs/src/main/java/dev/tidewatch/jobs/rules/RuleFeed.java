package dev.tidewatch.jobs.rules;

import java.io.Serializable;

/** Where operators get their rules from; shipped with them. */
public interface RuleFeed extends Serializable {
  /**
   * Begins to follow, and waits for the first rule set.
   *
   * @throws IllegalStateException when there is none in time, in one line
   */
  RuleSetFollower follow(Subtask subtask) throws InterruptedException;

  /**
   * Who follows.
   *
   * @param jobId hex
   * @param operator the operator's uid
   * @param index from 0
   * @param parallelism of the operator
   * @param adopts it says when it runs a revision; otherwise a revision runs when it is published
   */
  record Subtask(String jobId, String operator, int index, int parallelism, boolean adopts) {}
}
