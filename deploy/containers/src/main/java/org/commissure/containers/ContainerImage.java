package org.commissure.containers;

import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FileEntry;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import com.google.cloud.tools.jib.api.buildplan.Port;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * An image from {@code scratch}: no shell, no package manager, nothing but what the process needs. Its layers, from what
 * changes least: the system's libraries, the Java runtime, other people's native code and jars, ours. The same inputs give the same
 * bytes: entries are sorted and bear one time, and who built it where is not in it.
 */
final class ContainerImage {
    /** The home, a volume. */
    static final String HOME = "/srv/commissure";

    /** Of the user: where JavaCPP unpacks what it loads. */
    static final String CACHE = "/var/cache/commissure";

    /** No name, no password, no rights; its number is what Kubernetes' {@code runAsNonRoot} looks at. */
    static final int USER = 65532;

    private static final String INSTALLED = "/opt/commissure";
    private static final String JAVA = "/opt/java";
    private static final String OWNED = USER + ":" + USER;
    private static final FilePermissions FILE = FilePermissions.fromOctalString("644");
    private static final FilePermissions PROGRAM = FilePermissions.fromOctalString("755");
    private static final FilePermissions PRIVATE = FilePermissions.fromOctalString("700");
    private static final FilePermissions ANYBODYS = FilePermissions.fromOctalString("777");

    /** The same in every build, and after 1970, which some tools take for "unknown". */
    private static final Instant TIME = Instant.ofEpochSecond(1);

    private final Side side;
    private final Path root;
    private final LaunchPlan plan;
    private final String version;
    private final Path work;

    /** @param work a folder for what the image needs as files; it must stay until the image is built */
    ContainerImage(Side side, Path root, LaunchPlan plan, Path work) {
        this.side = side;
        this.root = root;
        this.plan = plan;
        this.version = version(plan);
        this.work = work;
    }

    /** "0.1.0-SNAPSHOT" of {@code coordinator-0.1.0-SNAPSHOT.jar}. */
    private static String version(LaunchPlan plan) {
        String jar = plan.classPath().getFirst().jars().getFirst().getFileName().toString();
        String suffix = jar.replaceFirst("^[a-z-]+-(?=[0-9])", "");
        return suffix.substring(0, suffix.length() - ".jar".length());
    }

    String version() {
        return version;
    }

    JibContainerBuilder describe(Path runtime, SystemLibraries system) throws IOException {
        Map<String, String> environment = new TreeMap<>(plan.environment());
        environment.put("LC_ALL", "C.UTF-8"); // names of files are not ASCII everywhere
        return Jib.fromScratch()
                .setPlatforms(Set.of(new Platform(System.getProperty("os.arch").replace("aarch64", "arm64"), "linux")))
                .setFileEntriesLayers(List.of(
                        base(system),
                        runtime(runtime),
                        jars("native libraries", jar -> !isOurs(jar) && isNative(jar)),
                        jars("libraries", jar -> !isOurs(jar) && !isNative(jar)),
                        jars("commissure", this::isOurs)))
                .setEntrypoint(entryPoint())
                .setProgramArguments(side.standardArguments())
                .setEnvironment(environment)
                .setUser(OWNED)
                .setWorkingDirectory(AbsoluteUnixPath.get(HOME))
                .setVolumes(AbsoluteUnixPath.get(HOME))
                .setExposedPorts(
                        side.ports().stream().map(Port::tcp).collect(Collectors.toCollection(LinkedHashSet::new)))
                .setLabels(new TreeMap<>(Map.of(
                        "org.opencontainers.image.title", side.imageName(),
                        "org.opencontainers.image.version", version,
                        "org.commissure.system-libraries", system.origin())))
                .setCreationTime(Instant.EPOCH);
    }

    /** The launcher's command line, with the paths of the image. */
    List<String> entryPoint() {
        List<String> words = new ArrayList<>();
        words.add(JAVA + "/bin/java");
        plan.options().forEach(option -> words.add(installed(option)));
        words.add("-cp");
        words.add(
                plan.classPath().stream().map(entry -> installed(entry.text())).collect(Collectors.joining(":")));
        words.add(plan.mainClass());
        return words;
    }

    private String installed(String text) {
        return text.replace(root.toString(), INSTALLED);
    }

    private FileEntriesLayer base(SystemLibraries system) throws IOException {
        FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName("system");
        Path empty = Files.createDirectories(work.resolve("empty"));
        for (String folder : List.of("/dev", "/proc", "/sys", "/etc", "/srv", "/var", "/var/cache")) {
            layer.addEntry(entry(empty, folder, PROGRAM));
        }
        layer.addEntry(entry(empty, "/tmp", ANYBODYS));
        for (String folder : List.of(HOME, CACHE)) {
            layer.addEntry(new FileEntry(empty, AbsoluteUnixPath.get(folder), PRIVATE, TIME, OWNED));
        }
        text(layer, "/etc/passwd", "root:x:0:0::/:/nologin\ncommissure:x:" + OWNED + "::" + CACHE + ":/nologin\n");
        text(layer, "/etc/group", "root:x:0:\ncommissure:x:" + USER + ":\n");
        text(layer, "/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n");
        system.files().forEach((path, file) -> layer.addEntry(entry(file, path, PROGRAM)));
        system.notices().forEach((path, file) -> layer.addEntry(entry(file, path, FILE)));
        return layer.build();
    }

    private void text(FileEntriesLayer.Builder layer, String path, String content) throws IOException {
        Path file = Files.writeString(work.resolve(path.substring(path.lastIndexOf('/') + 1)), content);
        layer.addEntry(entry(file, path, FILE));
    }

    private static FileEntriesLayer runtime(Path runtime) throws IOException {
        return FileEntriesLayer.builder()
                .setName("java")
                .addEntryRecursive(
                        runtime,
                        AbsoluteUnixPath.get(JAVA),
                        (file, place) -> Files.isExecutable(file) ? PROGRAM : FILE,
                        (file, place) -> TIME)
                .build();
    }

    private boolean isOurs(Path jar) {
        return jar.toString().endsWith("-" + version + ".jar");
    }

    /** Whether its name ends in a platform, as large ones' do. */
    private static boolean isNative(Path jar) {
        return jar.getFileName().toString().contains("-linux-");
    }

    private FileEntriesLayer jars(String name, Predicate<Path> chosen) {
        FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName(name);
        for (LaunchPlan.Entry entry : plan.classPath()) {
            for (Path jar : entry.jars()) {
                if (chosen.test(jar)) {
                    layer.addEntry(entry(jar, installed(jar.toString()), FILE));
                }
            }
        }
        return layer.build();
    }

    private static FileEntry entry(Path file, String place, FilePermissions permissions) {
        return new FileEntry(file, AbsoluteUnixPath.get(place), permissions, TIME);
    }
}
