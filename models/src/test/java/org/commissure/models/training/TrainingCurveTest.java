package org.commissure.models.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class TrainingCurveTest {
    private static final List<TrainingEvent.Stepped> LOSSES =
            List.of(new TrainingEvent.Stepped(1, 1, 1, 0.1), new TrainingEvent.Stepped(100, 0.5, 1, 0.1));
    private static final List<TrainingEvent.Evaluated> SCORES = List.of(
            new TrainingEvent.Evaluated(0, new Scores(10, 1, -7, -0.1, -0.5)),
            new TrainingEvent.Evaluated(100, new Scores(10, 1, 0.4, -0.1, -0.5)));

    @Test
    void modelBaselinesAndLossAreLines() throws Exception {
        Document svg = parse(TrainingCurve.svg("a < b & c", LOSSES, SCORES));
        assertThat(svg.getElementsByTagName("path").getLength()).isEqualTo(4);
        assertThat(svg.getElementsByTagName("title").item(0).getTextContent()).isEqualTo("a < b & c");
        // Step 0 lies on the left edge, at the bottom because -7 is below all; step 100 on the right, above.
        String model = svg.getElementsByTagName("path")
                .item(2)
                .getAttributes()
                .getNamedItem("d")
                .getTextContent();
        assertThat(model).matches("M64\\.0 324\\.0L650\\.0 \\d+\\.\\d");
        assertThat(svg.getDocumentElement().getTextContent()).contains("model 0.400", "interpolation -0.500", "-0.8");
    }

    @Test
    void withoutHeldOutScansOnlyTheLossIsDrawn() throws Exception {
        assertThat(parse(TrainingCurve.svg("x", LOSSES, List.of()))
                        .getElementsByTagName("path")
                        .getLength())
                .isEqualTo(1);
        assertThat(parse(TrainingCurve.svg("x", List.of(), List.of())).getDocumentElement())
                .isNotNull();
    }

    private static Document parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }
}
