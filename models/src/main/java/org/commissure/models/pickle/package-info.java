/**
 * PyTorch's checkpoint files (zip + pickle), read without executing anything. A pickle is a program for a stack machine
 * that may call any Python function; here it meets a machine with a closed list of opcodes and of globals, whose only
 * products are numbers, strings, containers and views of tensors. Everything else is refused by name.
 */
@NullMarked
package org.commissure.models.pickle;

import org.jspecify.annotations.NullMarked;
