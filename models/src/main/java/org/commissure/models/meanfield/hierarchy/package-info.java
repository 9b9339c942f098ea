/**
 * Where fitted parameters stand in the cortical hierarchy: their means over the seven networks of Yeo et al. 2011, and
 * their rank correlations with maps such as the principal gradient and myelin.
 */
@NullMarked
package org.commissure.models.meanfield.hierarchy;

import org.jspecify.annotations.NullMarked;
