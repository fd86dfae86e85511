namespace OnnxViz.Datasets;

/// <summary>How training pictures are changed at random, every epoch anew.</summary>
public enum Augmentation
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Half of them mirrored, left for right (torchvision's RandomHorizontalFlip).</summary>
    Flip,

    /// <summary>Moved by up to 4 pixels, black coming in (RandomCrop with padding 4).</summary>
    Crop,

    /// <summary>Both.</summary>
    FlipCrop,

    /// <summary>A part of a quarter of the area or more, brought to size, half of them mirrored (RandomResizedCrop).</summary>
    ResizedCrop,
}
