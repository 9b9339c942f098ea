/** Local training: sampled patients, one clipped gradient each, noise, and the encoded update. */
@NullMarked
package org.commissure.site.compute;

import org.jspecify.annotations.NullMarked;
