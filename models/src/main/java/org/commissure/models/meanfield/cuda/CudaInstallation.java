package org.commissure.models.meanfield.cuda;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where this machine may have NVIDIA's driver and compilers.
 *
 * @param environment of the process: {@code CUDA_HOME}, {@code CUDA_PATH} and {@code PATH} count
 * @param usual folders in which installations are called {@code cuda} or {@code cuda-VERSION}
 * @param driverNames of the driver's library, as the system's loader looks them up
 */
record CudaInstallation(Map<String, String> environment, List<Path> usual, List<String> driverNames) {
    private static final List<String> LIBRARY_FOLDERS = List.of("lib64", "lib", "targets/x86_64-linux/lib");
    private static final List<String> NVRTC_NAMES = List.of("libnvrtc.so.13", "libnvrtc.so.12", "libnvrtc.so");

    static CudaInstallation ofThisMachine() {
        return new CudaInstallation(
                System.getenv(),
                List.of(Path.of("/usr/local"), Path.of("/opt"), Path.of("/usr/lib")),
                List.of("libcuda.so.1", "libcuda.so"));
    }

    Optional<NativeLibrary> driver() {
        return driverNames.stream()
                .map(NativeLibrary::load)
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** NVRTC: of the named installation, else the loader's, the class path's, or an installation's in a usual place. */
    Optional<NativeLibrary> nvrtc() {
        return Stream.<Stream<NativeLibrary>>of(
                        named().stream().flatMap(CudaInstallation::nvrtcIn),
                        NVRTC_NAMES.stream().map(NativeLibrary::load).flatMap(Optional::stream),
                        Stream.of(0).flatMap(any -> BundledNvrtc.load().stream()),
                        installed().stream().flatMap(CudaInstallation::nvrtcIn))
                .flatMap(found -> found)
                .findFirst();
    }

    /** The command {@code nvcc}. */
    Optional<Path> nvcc() {
        Stream<Path> onPath = Stream.of(environment.getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .filter(folder -> !folder.isEmpty())
                .map(Path::of);
        Stream<Path> ofInstallations =
                Stream.concat(named().stream(), installed().stream()).map(home -> home.resolve("bin"));
        return Stream.concat(ofInstallations, onPath)
                .map(folder -> folder.resolve("nvcc"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** For people: the places that were searched. */
    String searched() {
        return "CUDA_HOME, CUDA_PATH, the loader's path, the class path and "
                + String.join(
                        ", ",
                        usual.stream()
                                .map(folder -> folder.resolve("cuda*").toString())
                                .toList());
    }

    private List<Path> named() {
        return Stream.of("CUDA_HOME", "CUDA_PATH")
                .map(variable -> environment.getOrDefault(variable, ""))
                .filter(value -> !value.isEmpty())
                .map(Path::of)
                .toList();
    }

    private List<Path> installed() {
        List<Path> homes = new ArrayList<>();
        for (Path folder : usual) {
            homes.addAll(sorted(folder, "cuda"));
        }
        return homes;
    }

    private static Stream<NativeLibrary> nvrtcIn(Path home) {
        return LIBRARY_FOLDERS.stream()
                .flatMap(folder -> sorted(home.resolve(folder), "libnvrtc.so").stream())
                .map(NativeLibrary::load)
                .flatMap(Optional::stream);
    }

    /** Entries of a folder whose names begin so, the last in the alphabet (the newest version) first. */
    private static List<Path> sorted(Path folder, String prefix) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry -> entry.getFileName().toString().startsWith(prefix))
                    .sorted(Comparator.<Path>reverseOrder())
                    .toList();
        } catch (IOException e) {
            return List.of(); // a folder we may not read is one without CUDA for us
        }
    }
}
