/** A model on disk: {@code model.safetensors} with {@code config.json} beside it, in the original's keys and ours. */
@NullMarked
package org.commissure.models.modelfile;

import org.jspecify.annotations.NullMarked;
