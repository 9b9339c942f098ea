/** Which engine runs a model: our own on the processor, libtorch on a GPU. */
@NullMarked
package org.commissure.models.engine;

import org.jspecify.annotations.NullMarked;
