/** Pictures as bytes. */
@NullMarked
package org.commissure.models.picture;

import org.jspecify.annotations.NullMarked;
