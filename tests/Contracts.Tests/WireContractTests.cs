using System.Reflection;
using System.Text;
using Orleans;
using Orleans.Runtime;
using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.Contracts.Tests;

/// <summary>
/// What silos and nodes of different versions say to each other is the aliases, ids and types written down in OrleansContracts.txt. Whoever
/// changes them on purpose changes the file too: nothing that is there may be renamed, renumbered or retyped once it is released.
/// </summary>
public sealed class WireContractTests
{
    private const string ContractsFile = "OrleansContracts.txt";

    [Fact]
    public async Task Contracts_AreAsWrittenDown()
    {
        var written = (await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, ContractsFile))).ReplaceLineEndings("\n");
        var actual = Describe();
        var actualFile = Path.Combine(AppContext.BaseDirectory, "OrleansContracts.actual.txt");
        await File.WriteAllTextAsync(actualFile, actual);
        Assert.True(written == actual, $"The contracts differ from {ContractsFile}. If that is meant, replace it by {actualFile}.");
    }

    [Fact]
    public void EveryAlias_IsUsedOnce()
    {
        var aliases = ContractTypes().Select(AliasOf).ToArray();
        Assert.Equal(aliases.Distinct().Count(), aliases.Length);
    }

    private static string Describe()
    {
        var text = new StringBuilder();
        foreach (var type in ContractTypes().OrderBy(AliasOf, StringComparer.Ordinal))
        {
            var alias = AliasOf(type);
            if (type.IsInterface)
            {
                text.Append($"interface {alias}");
                foreach (var parent in type.GetInterfaces().Where(IsContract).OrderBy(AliasOf, StringComparer.Ordinal))
                {
                    text.Append($" : {AliasOf(parent)}");
                }

                text.Append('\n');
                foreach (var method in type.GetMethods().OrderBy(AliasOf, StringComparer.Ordinal))
                {
                    var parameters = method.GetParameters().Select(parameter => NameOf(parameter.ParameterType));
                    text.Append($"  {AliasOf(method)}({string.Join(", ", parameters)})");
                    text.Append($" -> {NameOf(method.ReturnType)}\n");
                }
            }
            else if (type.IsEnum)
            {
                text.Append($"enum {alias}\n");
                foreach (var name in Enum.GetNames(type))
                {
                    text.Append($"  {Convert.ToInt64(Enum.Parse(type, name), null)} {name}\n");
                }
            }
            else
            {
                text.Append($"record {alias}\n");
                foreach (var (id, property) in type.GetProperties()
                    .Where(property => property.IsDefined(typeof(IdAttribute)))
                    .Select(property => (property.GetCustomAttribute<IdAttribute>()!.Id, property))
                    .OrderBy(each => each.Id))
                {
                    text.Append($"  {id} {property.Name}: {NameOf(property.PropertyType)}\n");
                }
            }
        }

        return text.ToString();
    }

    private static IEnumerable<Type> ContractTypes() => typeof(Envelope).Assembly.GetTypes().Where(IsContract);

    private static bool IsContract(Type type) =>
        type.Assembly == typeof(Envelope).Assembly
            && (type.IsDefined(typeof(GenerateSerializerAttribute)) || (type.IsInterface && typeof(IAddressable).IsAssignableFrom(type)));

    private static string AliasOf(MemberInfo member) =>
        member.GetCustomAttribute<AliasAttribute>()?.Alias ?? throw new InvalidOperationException(
            $"{member.DeclaringType} {member.Name} has no [Alias].");

    private static string NameOf(Type type)
    {
        if (type.IsArray)
        {
            return $"{NameOf(type.GetElementType()!)}[]";
        }

        if (type.IsGenericType)
        {
            var name = type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)];
            return $"{name}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>";
        }

        return IsContract(type) ? AliasOf(type) : type.Name;
    }
}
