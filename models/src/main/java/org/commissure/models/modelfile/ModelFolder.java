package org.commissure.models.modelfile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.weights.MalformedSafetensorsException;
import org.commissure.models.weights.Safetensors;

/**
 * A model on disk: {@code config.json} ({@link ConfigurationFile}) beside {@code model.safetensors} ({@link
 * Safetensors}, data in the order of the configuration's layout).
 */
public final class ModelFolder {
    public static final String WEIGHTS = "model.safetensors";
    public static final String CONFIGURATION = "config.json";

    private ModelFolder() {}

    /**
     * @param parameters in the order of {@code configuration.layout()}
     * @param metadata the weights' free-form strings
     */
    @SuppressWarnings("ArrayRecordComponent") // on its way into a model; never compared
    public record Contents(ModelConfiguration configuration, float[] parameters, Map<String, String> metadata) {}

    /**
     * Writes both files, each atomically; makes the folder if need be. {@code format} and {@code preset} are added to
     * the metadata where absent.
     *
     * @throws IllegalArgumentException if {@code parameters} is not as long as the layout says
     */
    public static void write(
            Path folder, ModelConfiguration configuration, float[] parameters, Map<String, String> metadata)
            throws IOException {
        write(folder, ConfigurationFile.of(configuration), parameters, metadata);
    }

    /** The same with a configuration file that was read and may carry further keys. */
    public static void write(
            Path folder, ConfigurationFile configuration, float[] parameters, Map<String, String> metadata)
            throws IOException {
        ModelConfiguration shape = configuration.configuration();
        Map<String, String> strings = new TreeMap<>(metadata);
        strings.putIfAbsent("format", "commissure");
        strings.putIfAbsent("preset", shape.preset());
        Files.createDirectories(folder);
        Safetensors.write(folder.resolve(WEIGHTS), shape.layout(), parameters, strings);
        configuration.write(folder.resolve(CONFIGURATION));
    }

    /**
     * Reads a folder, or a {@code .safetensors} file of any name with its {@code config.json} beside it.
     *
     * @throws NoSuchFileException naming the file that is not there
     * @throws MalformedConfigurationException naming the file and the key
     * @throws MalformedSafetensorsException naming the file; also if its tensors, their shapes or their order are not
     *     the configuration's
     */
    public static Contents read(Path folderOrFile) throws IOException {
        Path weights = weightsOf(folderOrFile);
        ModelConfiguration configuration =
                ConfigurationFile.read(configurationOf(folderOrFile)).configuration();
        try {
            Safetensors.Contents contents =
                    Safetensors.requireLayout(Safetensors.read(weights), configuration.layout());
            return new Contents(configuration, contents.values(), contents.metadata());
        } catch (MalformedSafetensorsException e) {
            throw new MalformedSafetensorsException(weights + " " + e.getMessage(), e);
        }
    }

    /** The weights of a folder, or the file itself. */
    public static Path weightsOf(Path folderOrFile) {
        return Files.isDirectory(folderOrFile) ? folderOrFile.resolve(WEIGHTS) : folderOrFile;
    }

    /** The {@code config.json} in the folder, or beside the file. */
    public static Path configurationOf(Path folderOrFile) {
        return weightsOf(folderOrFile).resolveSibling(CONFIGURATION);
    }
}
