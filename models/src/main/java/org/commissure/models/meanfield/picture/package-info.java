/** Pictures of regional models: connectivity matrices, parameters by network, fit curves. Plain SVG, nothing to fetch. */
@NullMarked
package org.commissure.models.meanfield.picture;

import org.jspecify.annotations.NullMarked;
