package org.commissure.containers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.frontend.CredentialRetrieverFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.commissure.protocol.CommandFailure;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code deploy/images.sh}. Exit codes: 0 done; 2 wrong usage; 3 the operation failed. */
@Command(
        name = "deploy/images.sh",
        description = {
            "Builds the container images commissure-coordinator and commissure-site, without a daemon and without root.",
            "Each is made from scratch: a Java runtime of the needed modules, this machine's C library with its licences,"
                    + " and the class path. It starts what deploy/bin/commissure starts, as user 65532, with its home in"
                    + " the volume /srv/commissure.",
            "The same build on the same machine gives the same bytes."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  deploy/images.sh --out /tmp/images",
            "  docker load --input /tmp/images/commissure-site.tar",
            "  deploy/images.sh --registry registry.example.org/commissure --tag 0.1.0",
            "",
            "A registry's password is read from ~/.docker/config.json, as 'docker login' writes it."
        })
public final class ImagesCommand implements Callable<Integer> {
    private static final int FAILED = 3;

    @Option(names = "--root", hidden = true, required = true, paramLabel = "DIR", description = "The checkout.")
    private Path root = Path.of("");

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where the tar files are written (default: deploy/target/images; with --registry: nowhere).")
    private @Nullable Path out;

    @Option(
            names = "--registry",
            paramLabel = "PREFIX",
            description = "Push them as PREFIX/commissure-coordinator and PREFIX/commissure-site.")
    private @Nullable String registry;

    @Option(names = "--tag", paramLabel = "TAG", description = "The images' tag (default: the version).")
    private @Nullable String tag;

    @Option(
            names = "--insecure-registry",
            description = "Push without TLS, or without checking it: for a registry on this machine.")
    private boolean insecure;

    @Option(names = "--only", paramLabel = "SIDE", description = "coordinator or site (default: both).")
    private @Nullable Side only;

    @Option(names = "--json", description = "Print the facts as JSON.")
    private boolean json;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new ImagesCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((problem, command, parsed) -> {
                    CommandFailure.explain(problem, command.getErr());
                    return FAILED;
                })
                .execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path work = root.resolve("deploy/containers/target/work");
        Path runtime = JavaRuntime.make(work);
        SystemLibraries system = SystemLibraries.find(work);
        List<Map<String, String>> facts = new ArrayList<>();
        for (Side side : only == null ? List.of(Side.values()) : List.of(only)) {
            ContainerImage image =
                    new ContainerImage(side, root, LaunchPlan.ask(root, side.group()), work.resolve(side.group()));
            Files.createDirectories(work.resolve(side.group()));
            facts.addAll(write(side, image.version(), image.describe(runtime, system), work));
        }
        print(facts);
        return 0;
    }

    private List<Map<String, String>> write(Side side, String version, JibContainerBuilder image, Path work)
            throws IOException, InterruptedException {
        List<Map<String, String>> facts = new ArrayList<>();
        String name = side.imageName() + ":" + Optional.ofNullable(tag).orElse(version);
        if (registry != null) {
            facts.add(push(registry + "/" + name, image, work));
        }
        if (out != null || registry == null) {
            Path folder = Files.createDirectories(out == null ? root.resolve("deploy/target/images") : out);
            Path tar = folder.resolve(side.imageName() + ".tar");
            facts.add(save(name, image, tar, work));
        }
        return facts;
    }

    private Map<String, String> save(String name, JibContainerBuilder image, Path tar, Path work)
            throws IOException, InterruptedException {
        try {
            Containerizer target =
                    Containerizer.to(TarImage.at(tar).named(name)).setOfflineMode(true);
            return fact(name, tar.toString(), containerize(image, target, work));
        } catch (InvalidImageReferenceException e) {
            throw new UserError("'" + name + "' is no name of an image", "correct --tag", e);
        }
    }

    private Map<String, String> push(String name, JibContainerBuilder image, Path work)
            throws IOException, InterruptedException {
        try {
            ImageReference reference = ImageReference.parse(name);
            RegistryImage target = RegistryImage.named(reference)
                    .addCredentialRetriever(CredentialRetrieverFactory.forImage(reference, event -> {})
                            .dockerConfig());
            return fact(
                    name,
                    name,
                    containerize(image, Containerizer.to(target).setAllowInsecureRegistries(insecure), work));
        } catch (InvalidImageReferenceException e) {
            throw new UserError("'" + name + "' is no name of an image", "correct --registry and --tag", e);
        }
    }

    private static JibContainer containerize(JibContainerBuilder image, Containerizer target, Path work)
            throws IOException, InterruptedException {
        try {
            return image.containerize(target.setToolName("commissure")
                    .setBaseImageLayersCache(work.resolve("cache"))
                    .setApplicationLayersCache(work.resolve("cache")));
        } catch (RegistryException | ExecutionException | CacheDirectoryCreationException e) {
            Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
            throw new UserError(
                    "the image cannot be written: " + cause.getMessage(),
                    "check the disk; for a registry its address, and 'docker login'",
                    e);
        }
    }

    private static Map<String, String> fact(String name, String written, JibContainer built) {
        return new TreeMap<>(Map.of(
                "image",
                name,
                "written",
                written,
                "imageId",
                built.getImageId().toString(),
                "digest",
                built.getDigest().toString()));
    }

    private void print(List<Map<String, String>> facts) throws JsonProcessingException {
        if (json) {
            System.out.println(new ObjectMapper().writeValueAsString(facts));
        } else {
            facts.forEach(fact ->
                    System.out.println(fact.get("image") + "  " + fact.get("imageId") + "  " + fact.get("written")));
        }
    }
}
