/** Pictures: as bytes and as SVG. */
@NullMarked
package org.commissure.models.picture;

import org.jspecify.annotations.NullMarked;
