package org.commissure.models.meanfield.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Arguments of a kernel as a launch wants them: an array of addresses, one for each value. */
final class KernelArguments {
    private static final long SLOT = Long.BYTES;

    private KernelArguments() {}

    /** @param arguments {@link Integer}s and {@link Accelerator.Memory} */
    static MemorySegment pack(Arena arena, Object... arguments) {
        MemorySegment values = arena.allocate(SLOT * arguments.length, SLOT);
        MemorySegment addresses = arena.allocate(ValueLayout.ADDRESS, arguments.length);
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case Integer value -> values.set(ValueLayout.JAVA_INT, i * SLOT, value);
                case Accelerator.Memory memory -> values.set(ValueLayout.JAVA_LONG, i * SLOT, memory.address());
                default ->
                    throw new IllegalArgumentException("a kernel takes integers and memory, not " + arguments[i]);
            }
            addresses.setAtIndex(ValueLayout.ADDRESS, i, values.asSlice(i * SLOT, SLOT));
        }
        return addresses;
    }
}
