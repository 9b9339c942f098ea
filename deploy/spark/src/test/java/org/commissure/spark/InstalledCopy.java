package org.commissure.spark;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;
import org.commissure.models.meanfield.cluster.JobFolder;

/** {@code deploy/spark/target} as a build leaves it, made before this module's own jar is. */
final class InstalledCopy {
    private InstalledCopy() {}

    /** @return the folder that stands for the checkout */
    static Path in(Path root) throws IOException {
        Path target = Files.createDirectories(root.resolve("deploy/spark/target"));
        Path lib = Files.createDirectories(target.resolve("lib"));
        List<String> names = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path", "").split(File.pathSeparator, -1)) {
            Path jar = Path.of(entry);
            if (entry.endsWith(".jar") && !jar.getFileName().toString().startsWith("models-")) {
                names.add(jar.getFileName().toString());
                Files.createSymbolicLink(lib.resolve(jar.getFileName()), jar);
            }
        }
        names.add("models-test.jar");
        pack(folder(JobFolder.class), new Manifest(), lib.resolve("models-test.jar"));
        pack(folder(SparkJob.class), manifest(names), target.resolve("commissure-spark-job-test.jar"));
        return root;
    }

    private static Manifest manifest(List<String> libraries) {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(Attributes.Name.MAIN_CLASS, SparkJob.class.getName());
        attributes.put(
                Attributes.Name.CLASS_PATH,
                libraries.stream().map(name -> "lib/" + name).collect(Collectors.joining(" ")));
        attributes.putValue("Add-Opens", opened());
        attributes.putValue("Enable-Native-Access", "ALL-UNNAMED");
        return manifest;
    }

    /** The packages that Spark opens by reflection, as the manifest names them. */
    private static String opened() {
        return Stream.of(JavaModuleOptions.defaultModuleOptionArray())
                .filter(option -> option.startsWith("--add-opens="))
                .map(option -> option.substring("--add-opens=".length(), option.indexOf("=ALL-UNNAMED")))
                .collect(Collectors.joining(" "));
    }

    private static Path folder(Class<?> of) {
        return Path.of(of.getProtectionDomain().getCodeSource().getLocation().getPath());
    }

    /** A folder of classes, or a jar as it is. */
    private static void pack(Path classes, Manifest manifest, Path jar) throws IOException {
        if (!Files.isDirectory(classes)) {
            Files.createSymbolicLink(jar, classes);
            return;
        }
        manifest.getMainAttributes().putIfAbsent(Attributes.Name.MANIFEST_VERSION, "1.0");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = classes.relativize(file).toString().replace(File.separatorChar, '/');
                if (!name.equals("META-INF/MANIFEST.MF")) {
                    out.putNextEntry(new JarEntry(name));
                    Files.copy(file, out);
                }
            }
        }
    }
}
