using System.Runtime.InteropServices;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace OrleansRooms.RandomWaits;

/// <summary>
/// Puts <see cref="RandomWait.Perhaps"/> where a thread that is slow for a moment may matter: at the beginning of methods, which is also
/// where they go on after an <c>await</c>, and behind calls that set others going.
/// </summary>
internal sealed class Weaver
{
    // Shorter methods do not wait for anybody, and there are very many of them.
    private const int FewestInstructions = 12;

    private static readonly HashSet<string> SetOthersGoing =
        ["SetResult", "TrySetResult", "UnsafeQueueUserWorkItem", "Cancel", "CancelAsync"];

    private readonly string _framework = RuntimeEnvironment.GetRuntimeDirectory();

    /// <summary>Rewrites an assembly in its place.</summary>
    /// <returns>In how many places it may wait now.</returns>
    public int Weave(string file)
    {
        var hasSymbols = File.Exists(Path.ChangeExtension(file, ".pdb"));
        using var resolver = new DefaultAssemblyResolver();
        resolver.AddSearchDirectory(Path.GetDirectoryName(file));
        resolver.AddSearchDirectory(_framework);
        resolver.AddSearchDirectory(_framework.Replace("Microsoft.NETCore.App", "Microsoft.AspNetCore.App", StringComparison.Ordinal));
        using var module = ModuleDefinition.ReadModule(
            file, new ReaderParameters { InMemory = true, ReadSymbols = hasSymbols, AssemblyResolver = resolver });
        var wait = module.ImportReference(typeof(RandomWait).GetMethod(nameof(RandomWait.Perhaps)));

        var places = 0;
        foreach (var type in module.GetTypes().Where(type => !IsGenerated(type)).ToList())
        {
            foreach (var method in type.Methods.Where(
                method => method is { HasBody: true, Name: not ".cctor" } && method.Body.Instructions.Count >= FewestInstructions))
            {
                places += Weave(method.Body, wait);
            }
        }

        module.Write(file, new WriterParameters { WriteSymbols = hasSymbols });
        return places;
    }

    private static int Weave(MethodBody body, MethodReference wait)
    {
        // Short jumps may have to become long ones.
        body.SimplifyMacros();
        var processor = body.GetILProcessor();
        var calls = body.Instructions.Where(IsSettingOthersGoing).ToList();
        processor.InsertBefore(body.Instructions[0], processor.Create(OpCodes.Call, wait));
        foreach (var call in calls) processor.InsertAfter(call, processor.Create(OpCodes.Call, wait));
        body.OptimizeMacros();
        return calls.Count + 1;
    }

    private static bool IsSettingOthersGoing(Instruction instruction) =>
        instruction.OpCode.Code is Code.Call or Code.Callvirt
        && instruction.Operand is MethodReference method
        && SetOthersGoing.Contains(method.Name)
        && !method.DeclaringType.Name.Contains("MethodBuilder", StringComparison.Ordinal);

    // Orleans' serializers.
    private static bool IsGenerated(TypeDefinition type) => type.FullName.StartsWith("OrleansCodeGen", StringComparison.Ordinal);
}
