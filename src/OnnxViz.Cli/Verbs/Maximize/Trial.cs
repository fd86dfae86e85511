using OnnxViz.Cli.Shell;
using OnnxViz.Maximize;
using OnnxViz.Models;
using OnnxViz.Optimize.Parameterizations;

namespace OnnxViz.Cli.Verbs.Maximize;

/// <summary>One way to look for the pictures that were asked for.</summary>
/// <param name="Flags">With the options of its recipe.</param>
/// <param name="Options">What they mean.</param>
/// <param name="Model">Under the conventions for its size.</param>
/// <param name="Subjects">The pictures.</param>
internal sealed record Trial(MaximizeOptions Flags, MaximizationOptions Options, VisionModel Model, IReadOnlyList<Subject> Subjects)
{
    private const int DefaultSide = 128;

    /// <summary>MACO looks at parts of its picture.</summary>
    private const int MacoSide = 320;

    public static Trial Of(MaximizeOptions flags, VisionModel model)
    {
        var (height, width) = Size(flags, model.FixedSize);
        var sized = model.With(model.Conventions with { Height = height, Width = width });
        return new(flags, MaximizationFlags.Parse(flags, height, width), sized, Maximize.Subjects.Of(flags, sized));
    }

    /// <summary>Of the picture to find.</summary>
    /// <param name="flags">With --size, or without.</param>
    /// <param name="only">The one that the model takes, where it takes no other.</param>
    public static (int Height, int Width) Size(MaximizeOptions flags, (int Height, int Width)? only)
    {
        var side = MaximizationFlags.Param(flags) == ParameterKind.Maco ? MacoSide : DefaultSide;
        return flags.Onto(new ConventionOptions()).Size is { } size ? (size.Height, size.Width) : only ?? (side, side);
    }
}
