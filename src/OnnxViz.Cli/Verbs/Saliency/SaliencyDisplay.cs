namespace OnnxViz.Cli.Verbs.Saliency;

/// <summary>How an attribution is drawn.</summary>
internal enum SaliencyDisplay
{
    /// <summary>The picture, its map and an overlay beside each other; of several methods each as it is mostly shown.</summary>
    Sheet,

    /// <summary>The largest absolute value over the channels: how much.</summary>
    Absolute,

    /// <summary>The sum over the channels: red for, blue against.</summary>
    Signed,

    /// <summary>Each channel as its colour around a middle gray, as guided backpropagation is mostly shown.</summary>
    Color,

    /// <summary>The absolute map, smoothed, over the picture, which shows where the map says nothing.</summary>
    Overlay,

    /// <summary>The same half over the picture everywhere, as class activation maps are mostly shown.</summary>
    Blend,
}
