package org.commissure.site.cli;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.commissure.models.modelfile.ModelFolder;
import org.commissure.protocol.UserError;

/** Reads the model that a command was pointed at. */
final class ModelInput {
    private ModelInput() {}

    static ModelFolder.Contents read(Path folderOrFile) {
        try {
            return ModelFolder.read(folderOrFile);
        } catch (NoSuchFileException e) {
            throw new UserError(
                    "there is no file " + e.getFile(),
                    "point at a folder with config.json and model.safetensors, or at a .safetensors file with"
                            + " config.json beside it",
                    e);
        } catch (IOException e) {
            throw new UserError(
                    "the model " + folderOrFile + " cannot be read: " + e.getMessage(),
                    "restore the file, or import the model again",
                    e);
        }
    }
}
