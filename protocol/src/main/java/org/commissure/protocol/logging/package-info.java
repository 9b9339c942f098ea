/** How process logs are written, and what each line says about the sum it belongs to. */
@NullMarked
package org.commissure.protocol.logging;

import org.jspecify.annotations.NullMarked;
