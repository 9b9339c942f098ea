/**
 * Fits of the regional model to data: the search over maps by covariance matrix adaptation (Kong et al. 2021), the
 * inversion of every region's parameters by Gauss–Newton steps (Wang et al. 2019), the homogeneous model that both are
 * compared with, and individual fits. A fit sees three splits: it searches on the first, chooses on the second, and is
 * reported on the third.
 */
@NullMarked
package org.commissure.models.meanfield.fit;

import org.jspecify.annotations.NullMarked;
