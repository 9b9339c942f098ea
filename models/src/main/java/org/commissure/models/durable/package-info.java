/** Files that are whole or not there. */
@NullMarked
package org.commissure.models.durable;

import org.jspecify.annotations.NullMarked;
