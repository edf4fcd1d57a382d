package io.densespark.spark.cli;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Small data sets in MNIST's format. */
final class IdxFiles {
    private static final int IMAGES_MAGIC = 0x00000803;
    private static final int LABELS_MAGIC = 0x00000801;

    private IdxFiles() {}

    static Path write(Path folder, int height, int width, int train, int test) throws IOException {
        write(folder, "train", height, width, train);
        write(folder, "t10k", height, width, test);
        return folder;
    }

    private static void write(Path folder, String split, int height, int width, int count) throws IOException {
        try (DataOutputStream images =
                        new DataOutputStream(Files.newOutputStream(folder.resolve(split + "-images-idx3-ubyte")));
                DataOutputStream labels =
                        new DataOutputStream(Files.newOutputStream(folder.resolve(split + "-labels-idx1-ubyte")))) {
            images.writeInt(IMAGES_MAGIC);
            images.writeInt(count);
            images.writeInt(height);
            images.writeInt(width);
            labels.writeInt(LABELS_MAGIC);
            labels.writeInt(count);
            for (int i = 0; i < count; i++) {
                for (int pixel = 0; pixel < height * width; pixel++) {
                    images.writeByte(i * 31 + pixel * 7);
                }
                labels.writeByte(i % 10);
            }
        }
    }
}
