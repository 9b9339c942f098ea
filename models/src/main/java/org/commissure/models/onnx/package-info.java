/** ONNX files: a graph under construction, written for readers that are not ours. */
@NullMarked
package org.commissure.models.onnx;

import org.jspecify.annotations.NullMarked;
