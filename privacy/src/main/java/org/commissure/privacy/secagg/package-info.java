/**
 * Secure aggregation by double masking: the coordinator learns the sum of the sites' vectors and
 * nothing else about any of them. Bonawitz et al., "Practical Secure Aggregation for
 * Privacy-Preserving Machine Learning", CCS 2017, on a complete graph of at most 255 sites, with
 * signed keys and a signed survivor vote against a malicious coordinator.
 *
 * <p>{@link org.commissure.privacy.secagg.SiteSum} is a site's side of one attempt,
 * {@link org.commissure.privacy.secagg.CoordinatorSum} the coordinator's. Both judge the same signed
 * messages with the same code: first who takes part, then U1 (who told a key), U2 (who dealt shares)
 * and U3 (who uploaded a masked vector), each a subset of the one before.
 */
@NullMarked
package org.commissure.privacy.secagg;

import org.jspecify.annotations.NullMarked;
