/**
 * Rules as they are deployed: versions of texts, which of them run where, the tenants' value lists,
 * and revisions that change several at once.
 *
 * <p>{@link dev.tidewatch.deploy.RuleBook} is the state at a revision. {@link
 * dev.tidewatch.deploy.Deployment} plans a change of it; {@link dev.tidewatch.deploy.RuleTopic}
 * writes that change to Kafka in one transaction; everyone who follows the topic feeds its records
 * to a {@link dev.tidewatch.deploy.RuleLedger}, which says when a revision is complete. Order comes
 * from revision and version numbers, never from arrival.
 */
@NullMarked
package dev.tidewatch.deploy;

import org.jspecify.annotations.NullMarked;
