package io.densespark.spark.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report of five images: three of the first class, one of them wrong, and two of the second, one wrong; none of the third. */
class ReportTest {
    @TempDir
    private Path folder;

    private EvaluationReport report;

    @BeforeEach
    void evaluate() {
        EvaluationStatistics statistics = new EvaluationStatistics(3, 5);
        float[] logits = {4, 0, 0, 3, 0, 0, 0, 2, 0, 0, 1, 0, 1.5f, 0, 0};
        statistics.add(logits, new int[] {0, 0, 0, 1, 1}, 5);
        report = statistics.report(List.of("cat, wild", "dog", "ox"));
    }

    @Test
    void peopleGetTables() {
        assertThat(ReportTable.of(report)).isEqualTo("""
                macro F1 0.5833, macro AUROC 0.6667 (± 0.0000), expected calibration error 0.4056
                class      images  precision  recall      F1   AUROC
                cat, wild       3     0.6667  0.6667  0.6667  0.6667
                dog             2     0.5000  0.5000  0.5000  0.6667
                ox              0     0.0000       -       -       -
                confusion      0      1      2  (rows: classes; columns: predicted, by number)
                cat, wild      2      1      0
                dog            1      1      0
                ox             0      0      0
                """);
    }

    @Test
    void programsGetFiles() throws IOException {
        ReportFolder.write(report, new org.apache.hadoop.fs.Path(folder.toUri()), new Configuration());

        assertThat(folder.resolve("classes.csv")).content().isEqualTo("""
                class,images,predicted,precision,recall,f1,auroc,auroc_error
                "cat, wild",3,3,0.666667,0.666667,0.666667,0.666667,0.000000
                dog,2,2,0.500000,0.500000,0.500000,0.666667,0.000000
                ox,0,0,0.000000,,,,
                """);
        assertThat(folder.resolve("confusion.csv")).content().isEqualTo("""
                class,predicted,images
                "cat, wild","cat, wild",2
                "cat, wild",dog,1
                dog,"cat, wild",1
                dog,dog,1
                """);
        List<String> calibration = Files.readAllLines(folder.resolve("calibration.csv"));
        assertThat(calibration).hasSize(16).startsWith("from,to,images,confidence,accuracy", "0.0000,0.0667,0,,");
        // e / (e + 2)
        assertThat(calibration).contains("0.5333,0.6000,1,0.576117,1.000000");
    }

    @Test
    void theImageIsDarkWhereManyAre() throws IOException {
        ReportFolder.write(report, new org.apache.hadoop.fs.Path(folder.toUri()), new Configuration());
        BufferedImage image = ImageIO.read(folder.resolve("confusion.png").toFile());

        assertThat(List.of(image.getWidth(), image.getHeight())).containsOnly(999);
        assertThat(image.getRGB(10, 10) & 0xffffff).isEqualTo(0x5a759c);
        assertThat(image.getRGB(343, 10) & 0xffffff).isEqualTo(0xadbace);
        assertThat(image.getRGB(900, 10) & 0xffffff).isEqualTo(0xffffff);
        assertThat(image.getRGB(900, 900) & 0xffffff).isEqualTo(0xffffff);
    }

    @Test
    void manyClassesShareThePlacesOfTheImage() {
        ConfusionMatrix confusion = new ConfusionMatrix(2500);
        confusion.add(2499, 0);
        BufferedImage image = ConfusionImage.draw(confusion);
        assertThat(image.getWidth()).isEqualTo(1000);
        assertThat(image.getRGB(0, 999) & 0xffffff).isEqualTo(0x08306b);
        assertThat(image.getRGB(1, 999) & 0xffffff).isEqualTo(0xffffff);
    }
}
