package io.densespark.data.prepare;

import io.densespark.data.LabelKind;
import io.densespark.data.records.ImageRecord;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What goes with an image to the task that writes it: a label or labels, a weight, and its path or its bytes. It goes as bytes,
 * which every serializer of Spark's knows.
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record PlacedImage(int label, byte[] labels, float weight, Optional<String> path, byte @Nullable [] image) {
    static PlacedImage of(ImageRecord record, ClassNames classes) {
        boolean isClass = classes.labels() == LabelKind.CLASS;
        return new PlacedImage(
                isClass ? classes.label(record) : -1,
                isClass ? new byte[0] : classes.labels(record),
                record.weight().orElse(1.0).floatValue(),
                record.path(),
                record.image());
    }

    byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(label);
            out.writeInt(labels.length);
            out.write(labels);
            out.writeFloat(weight);
            out.writeBoolean(path.isPresent());
            if (path.isPresent()) {
                out.writeUTF(path.get());
            }
            out.writeInt(image == null ? -1 : image.length);
            if (image != null) {
                out.write(image);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("in memory", e);
        }
        return bytes.toByteArray();
    }

    static PlacedImage of(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int label = in.readInt();
            byte[] labels = in.readNBytes(in.readInt());
            float weight = in.readFloat();
            Optional<String> path = in.readBoolean() ? Optional.of(in.readUTF()) : Optional.empty();
            int length = in.readInt();
            return new PlacedImage(label, labels, weight, path, length < 0 ? null : in.readNBytes(length));
        } catch (IOException e) {
            throw new UncheckedIOException("in memory", e);
        }
    }
}
