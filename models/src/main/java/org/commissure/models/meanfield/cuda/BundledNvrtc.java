package org.commissure.models.meanfield.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * NVRTC inside a {@code cuda-redist} jar on the class path, which {@code deploy/libtorch.sh nvrtc} fetches. The
 * library is unpacked, once in a process, into a temporary folder that goes when the process ends.
 */
final class BundledNvrtc {
    private static final String FOLDER = "/org/bytedeco/cuda/linux-x86_64/";
    private static final String LIBRARY = "libnvrtc.so.13";
    private static final List<String> BUILTINS =
            List.of("libnvrtc-builtins.so.13.1", "libnvrtc-builtins.so.13.0", "libnvrtc-builtins.so.13.2");

    private BundledNvrtc() {}

    static Optional<NativeLibrary> load() {
        if (BundledNvrtc.class.getResource(FOLDER + LIBRARY) == null) {
            return Optional.empty();
        }
        try {
            Path folder = Files.createTempDirectory("commissure-nvrtc");
            folder.toFile().deleteOnExit();
            for (String builtins : BUILTINS) {
                unpack(builtins, folder);
            }
            unpack(LIBRARY, folder);
            // NVRTC opens its built-in headers by name alone, and finds them loaded.
            BUILTINS.forEach(builtins -> NativeLibrary.load(folder.resolve(builtins)));
            return NativeLibrary.load(folder.resolve(LIBRARY));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack NVRTC into the folder for temporary files", e);
        }
    }

    private static void unpack(String name, Path folder) throws IOException {
        try (InputStream in = BundledNvrtc.class.getResourceAsStream(FOLDER + name)) {
            if (in != null) {
                Path file = folder.resolve(name);
                file.toFile().deleteOnExit();
                Files.copy(in, file);
            }
        }
    }
}
