package org.commissure.models.meanfield.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** C functions of one shared library, found by name. Loaded until the process ends. Thread-safe. */
final class NativeLibrary {
    private final String name;
    private final SymbolLookup symbols;
    private final Map<FunctionDescriptor, MethodHandle> callers = new ConcurrentHashMap<>();

    private NativeLibrary(String name, SymbolLookup symbols) {
        this.name = name;
        this.symbols = symbols;
    }

    /** The library of a file; empty if it does not load. */
    static Optional<NativeLibrary> load(Path file) {
        try {
            return Optional.of(new NativeLibrary(file.toString(), SymbolLookup.libraryLookup(file, Arena.global())));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The library that the system's loader finds under a name; empty if it finds none. */
    static Optional<NativeLibrary> load(String name) {
        try {
            return Optional.of(new NativeLibrary(name, SymbolLookup.libraryLookup(name, Arena.global())));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    String name() {
        return name;
    }

    /**
     * Calls a function that returns an int.
     *
     * @param arguments {@link Integer}, {@link Long} (also {@code size_t} and device addresses) or
     *     {@link MemorySegment}
     * @throws IllegalStateException if the library has no such function
     */
    int call(String function, Object... arguments) {
        return (int) invoke(function, ValueLayout.JAVA_INT, arguments);
    }

    /** Calls a function that returns a C string. */
    String text(String function, Object... arguments) {
        MemorySegment text = (MemorySegment) invoke(function, ValueLayout.ADDRESS, arguments);
        return text.address() == 0 ? "" : text.reinterpret(Long.MAX_VALUE).getString(0);
    }

    private Object invoke(String function, MemoryLayout returned, Object... arguments) {
        MemorySegment address = symbols.find(function)
                .orElseThrow(() -> new IllegalStateException(name + " has no function " + function));
        FunctionDescriptor descriptor = FunctionDescriptor.of(
                returned, Arrays.stream(arguments).map(NativeLibrary::layout).toArray(MemoryLayout[]::new));
        MethodHandle caller = callers.computeIfAbsent(descriptor, Linker.nativeLinker()::downcallHandle);
        try {
            return caller.bindTo(address).invokeWithArguments(arguments);
        } catch (Error | RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("calling " + function + " of " + name, e);
        }
    }

    private static MemoryLayout layout(Object argument) {
        return switch (argument) {
            case Integer i -> ValueLayout.JAVA_INT;
            case Long l -> ValueLayout.JAVA_LONG;
            case MemorySegment s -> ValueLayout.ADDRESS;
            default -> throw new IllegalArgumentException("no C type is known for " + argument.getClass());
        };
    }
}
