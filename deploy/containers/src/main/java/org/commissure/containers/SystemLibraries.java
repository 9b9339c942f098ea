package org.commissure.containers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.commissure.protocol.UserError;

/**
 * The C library and the C++ runtime of the machine that builds the image: an image from {@code scratch} has neither, and
 * Java, SQLite, TLS and OpenBLAS need them. Other libraries (OpenMP, Fortran) come in the jars that use them.
 *
 * @param files path on this machine by path in the image; the loader finds them where they were
 * @param notices copyright and licence by path in the image
 */
record SystemLibraries(Map<String, Path> files, Map<String, Path> notices, String origin) {
    private static final List<String> NAMES = List.of(
            "libc.so.6",
            "libm.so.6",
            "libdl.so.2",
            "libpthread.so.0",
            "librt.so.1",
            "libresolv.so.2",
            "libnss_files.so.2",
            "libnss_dns.so.2",
            "libgcc_s.so.1",
            "libstdc++.so.6");

    private static final Map<String, String> LOADERS =
            Map.of("amd64", "/lib64/ld-linux-x86-64.so.2", "aarch64", "/lib/ld-linux-aarch64.so.1");

    private static final Map<String, String> TRIPLETS =
            Map.of("amd64", "x86_64-linux-gnu", "aarch64", "aarch64-linux-gnu");

    /** @throws UserError on a machine without glibc, or where the libraries are elsewhere */
    static SystemLibraries find(Path work) throws IOException, InterruptedException {
        String processor = System.getProperty("os.arch");
        String loader = LOADERS.get(processor);
        if (loader == null || !Files.exists(Path.of(loader))) {
            throw new UserError(
                    "images take the C library of the machine that builds them, and there is no GNU C library for '"
                            + processor + "' here",
                    "build them on Linux with glibc, x86-64 or arm64 (not Alpine)");
        }
        Map<String, Path> files = new LinkedHashMap<>();
        files.put(loader, Path.of(loader));
        for (String name : NAMES) {
            Path found = search(name, String.valueOf(TRIPLETS.get(processor)));
            files.put(found.toString(), found);
        }
        return licensed(files, work);
    }

    private static Path search(String name, String triplet) {
        for (String folder : List.of("/lib/" + triplet, "/usr/lib/" + triplet, "/lib64", "/usr/lib64", "/lib")) {
            Path file = Path.of(folder, name);
            if (Files.exists(file)) {
                return file;
            }
        }
        throw new UserError("the library " + name + " is not on this machine", "install libc6 and libstdc++6");
    }

    /** Names the package of each file, and brings its licence along. */
    private static SystemLibraries licensed(Map<String, Path> files, Path work)
            throws IOException, InterruptedException {
        Map<String, Path> notices = new TreeMap<>();
        StringBuilder table = new StringBuilder(
                "Taken from the machine that built this image, " + distribution() + ", unchanged:\n\n");
        for (Map.Entry<String, Path> file : files.entrySet()) {
            Optional<String> owner = packageOf(file.getValue());
            table.append(file.getKey())
                    .append("  ")
                    .append(owner.orElse("(package unknown)"))
                    .append('\n');
            owner.map(text -> text.substring(0, text.indexOf(' ')))
                    .map(name -> Path.of("/usr/share/doc", name, "copyright"))
                    .filter(Files::exists)
                    .ifPresent(copyright -> notices.put(copyright.toString(), copyright));
        }
        if (notices.isEmpty()) {
            table.append("\nNo licence texts were found here. The GNU C library is under LGPL-2.1-or-later, libgcc and"
                    + " libstdc++ under GPL-3.0-or-later with the GCC Runtime Library Exception.\n");
        }
        Path list = Files.writeString(work.resolve("system-libraries.txt"), table, StandardCharsets.UTF_8);
        notices.put("/usr/share/doc/commissure/system-libraries.txt", list);
        return new SystemLibraries(files, notices, distribution());
    }

    /** "libc6 2.36-9" for a file that dpkg knows. */
    private static Optional<String> packageOf(Path file) throws IOException, InterruptedException {
        List<Path> names = new ArrayList<>(List.of(file, file.toRealPath()));
        if (file.startsWith("/lib") || file.startsWith("/lib64")) {
            names.add(Path.of("/usr" + file));
        }
        Path real = file.toRealPath();
        if (real.startsWith("/usr")) {
            names.add(Path.of("/").resolve(Path.of("/usr").relativize(real)));
        }
        for (Path name : names) {
            Optional<String> owner = said("dpkg-query", "-S", name.toString());
            if (owner.isPresent()) {
                String found = owner.get();
                String owning = found.substring(0, found.lastIndexOf(": ")).split(",", -1)[0];
                return said("dpkg-query", "-W", "-f=${Package} ${Version}", owning);
            }
        }
        return Optional.empty();
    }

    private static Optional<String> said(String... command) throws IOException, InterruptedException {
        if (!Files.isExecutable(Path.of("/usr/bin", command[0]))) {
            return Optional.empty();
        }
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        return process.waitFor() == 0 && !text.isEmpty() ? Optional.of(text) : Optional.empty();
    }

    private static String distribution() throws IOException {
        Path file = Path.of("/etc/os-release");
        return !Files.exists(file)
                ? "an unnamed Linux"
                : Files.readAllLines(file).stream()
                        .filter(line -> line.startsWith("PRETTY_NAME="))
                        .map(line -> line.substring("PRETTY_NAME=".length()).replace("\"", ""))
                        .findFirst()
                        .orElse("an unnamed Linux");
    }
}
