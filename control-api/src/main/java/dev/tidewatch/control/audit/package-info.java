/**
 * What was changed and what was refused, so that nobody can unsay it unnoticed.
 *
 * <p>{@link dev.tidewatch.control.audit.AuditLog} appends records to a tenant's chain, in the
 * transaction of the change that they tell of. {@link dev.tidewatch.control.audit.RecordHash} is
 * what links them, {@link dev.tidewatch.control.audit.MerkleTree} what sums up a day, {@link
 * dev.tidewatch.control.audit.AuditSeals} signs days that are over, {@link
 * dev.tidewatch.control.audit.ChainVerifier} goes through all of it again.
 */
@NullMarked
package dev.tidewatch.control.audit;

import org.jspecify.annotations.NullMarked;
