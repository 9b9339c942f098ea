/** Parameters as one flat float32 vector: its layout, its file format (safetensors), its optimisers. */
@NullMarked
package org.commissure.models.weights;

import org.jspecify.annotations.NullMarked;
