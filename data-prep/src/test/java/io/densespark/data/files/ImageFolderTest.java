package io.densespark.data.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {
    @TempDir
    private Path folder;

    private void write(String file) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        Files.createFile(path);
    }

    private List<String> found() throws IOException {
        org.apache.hadoop.fs.Path root = new org.apache.hadoop.fs.Path(folder.toUri());
        List<String> names = new ArrayList<>();
        new ImageFolder(FileSystems.of(new Configuration(), root), root)
                .forEachRemaining(image -> names.add(
                        folder.relativize(Path.of(image.toUri().getPath())).toString()));
        return names;
    }

    @Test
    void imagesAreFoundAtAnyDepthByTheirEndingsAndHiddenOnesPassedOver() throws IOException {
        for (String file : List.of(
                "a.jpg",
                "b.JPEG",
                "c.txt",
                "png",
                ".d.png",
                "_e.png",
                "f/g.tiff",
                "f/h/i.webp",
                "_j/k.png",
                ".l/m.png")) {
            write(file);
        }
        assertThat(found()).containsExactlyInAnyOrder("a.jpg", "b.JPEG", "_e.png", "f/g.tiff", "f/h/i.webp");
    }

    @Test
    void linksAreFollowedButForThoseThatLeadUp() throws IOException {
        write("a/1.png");
        write("b/c/2.png");
        Files.createSymbolicLink(folder.resolve("a/up"), Path.of(".."));
        Files.createSymbolicLink(folder.resolve("a/self"), Path.of("."));
        Files.createSymbolicLink(folder.resolve("d"), folder.resolve("b/c"));
        assertThat(found()).containsExactlyInAnyOrder("a/1.png", "b/c/2.png", "d/2.png");
    }

    @Test
    void aFolderWithoutImagesHasNone() throws IOException {
        assertThat(found()).isEmpty();
    }
}
