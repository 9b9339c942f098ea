package org.commissure.coordinator.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.commissure.coordinator.console.BrainAtlas;
import org.commissure.privacy.durable.DurableFile;
import org.commissure.protocol.UserError;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The atlas on which the console draws maps. */
@Command(
        name = "atlas",
        description = {
            "Configures the atlas on whose parcels the console's page Brain draws maps: a NIfTI-1 volume of labels (.nii,",
            ".nii.gz), whose parcels are its labels in ascending order, or a table (.tsv) with x, y and z in millimetres.",
            "The file is checked and copied into the home, in the place of an earlier one. None comes with Commissure."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  commissure coordinator console atlas CC200.nii.gz --home /srv/commissure")
final class ConsoleAtlasCommand implements Callable<Integer> {
    @Mixin
    private HomeOption home = new HomeOption();

    @Parameters(paramLabel = "FILE", description = "Volume of labels, or table of places.")
    private Path file = Path.of("");

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() {
        Path folder = BrainAtlas.folder(home.home().folder());
        BrainAtlas atlas;
        try {
            atlas = BrainAtlas.read(file);
            Files.createDirectories(folder);
            List<Path> before;
            try (var files = Files.list(folder)) {
                before = files.toList();
            }
            Path copy = folder.resolve(file.getFileName().toString());
            DurableFile.write(copy, Files.readAllBytes(file));
            for (Path old : before) {
                if (!old.equals(copy)) {
                    Files.delete(old);
                }
            }
        } catch (IOException e) {
            throw new UserError(
                    file + " is no atlas that can be used: " + e.getMessage(),
                    "name a NIfTI-1 volume of labels, or a table with the columns x, y and z",
                    e);
        }
        if (json) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("atlas", atlas.name());
            facts.put("parcels", atlas.parcels().size());
            facts.put("sha256", atlas.sha256());
            Json.print(facts);
        } else {
            System.out.println(atlas.name() + ": " + atlas.parcels().size() + " parcels; the console draws on it");
        }
        return 0;
    }
}
