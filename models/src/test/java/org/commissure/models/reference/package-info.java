/** Where tests find reference numbers. */
@NullMarked
package org.commissure.models.reference;

import org.jspecify.annotations.NullMarked;
