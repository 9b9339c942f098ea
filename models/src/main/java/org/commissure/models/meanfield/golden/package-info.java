/** The engines of the regional model against numbers of other implementations. */
@NullMarked
package org.commissure.models.meanfield.golden;

import org.jspecify.annotations.NullMarked;
