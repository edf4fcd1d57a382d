package io.densespark.data.records;

import java.util.List;
import java.util.Optional;

/** What an archive says of one image, gathered entry by entry. */
final class TarSample {
    private final TarName name;
    private Optional<String> label = Optional.empty();
    private String image = "";
    private byte[] bytes = new byte[0];
    private int images;

    TarSample(TarName name) {
        this.name = name;
    }

    TarName name() {
        return name;
    }

    void setLabel(String text) {
        label = Optional.of(text);
    }

    /** @param encoded not copied */
    void addImage(String entry, byte[] encoded) {
        images++;
        image = entry;
        bytes = encoded;
    }

    /** @param archive the file's name */
    ImageRecord record(String archive, boolean withImage) {
        String key = archive + "/" + (images == 0 ? String.join("/", name.folders()) + "/" + name.stem() : image);
        if (images != 1) {
            return ImageRecord.unusable(
                    key, images == 0 ? "it has a class, but no image" : "it has " + images + " images");
        }
        List<String> folders = name.folders();
        Optional<String> folder = folders.isEmpty() ? Optional.empty() : Optional.of(folders.get(folders.size() - 1));
        Optional<String> found = label.or(() -> folder).filter(text -> !text.isEmpty());
        if (found.isEmpty()) {
            return ImageRecord.unusable(
                    key, "its label is missing: it lies in no folder, and there is no .cls of its name");
        }
        return new ImageRecord(
                key,
                Optional.empty(),
                withImage ? bytes : null,
                List.of(found.get()),
                List.of(),
                split(archive),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private Optional<String> split(String archive) {
        List<String> folders = name.folders();
        // The folder of the class isn't one of a split.
        int end = label.isPresent() ? folders.size() : folders.size() - 1;
        for (int i = end - 1; i >= 0; i--) {
            Optional<String> split = SplitNames.of(folders.get(i));
            if (split.isPresent()) {
                return split;
            }
        }
        return SplitOfFile.ofArchive(archive);
    }
}
